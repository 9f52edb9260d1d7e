import { PermanentError } from '../../errors.ts'

/**
 * A path below the base URL whose values are encoded, as in `` path`contacts/${phone}/picture` ``.
 *
 * @throws {PermanentError} `wasender.bad_path` for a value that would lead to another route: an
 * empty one or one made of dots.
 */
export function path(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return String.raw({ raw: parts }, ...values.map(segment))
}

function segment(value: string | number): string {
  const plain = String(value).trim()
  if (plain === '' || plain === '.' || plain === '..') {
    throw new PermanentError('An id in the path of a WasenderAPI request is empty or only dots.', {
      code: 'wasender.bad_path',
    })
  }
  return encodeURIComponent(plain)
}
