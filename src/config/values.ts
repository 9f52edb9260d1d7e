import { z } from 'zod'
import { CREDENTIAL } from '../kernel/credential.ts'
import { withoutEnd } from '../kernel/without-end.ts'
import { DURATION_PATTERN, parseDuration, parseSize, SIZE_PATTERN } from './units.ts'

/**
 * The kinds of values the configuration is made of.
 *
 * Numbers and switches are also taken as text, because `${NAME}` can only put text into the file. No message
 * repeats the value: it may be a secret that slipped into the wrong line.
 */
type Expected = { error: (issue: { readonly input?: unknown }) => string }

/** Words for a value that is missing or of the wrong kind. */
export function expected(what: string): Expected {
  return {
    error: (issue) =>
      issue.input === undefined || issue.input === null
        ? `is missing; expected ${what}`
        : `expected ${what}`,
  }
}

/** A text that is not empty. */
export function text(what: string) {
  return z.string(expected(what)).min(1, expected(`${what}, not an empty text`))
}

/**
 * A secret that is shown to a platform or accepted from one. A character that no header can hold would make every request
 * fail, and a library may quote it in its error.
 */
export function credential(what: string) {
  return z
    .string(expected(what))
    .trim()
    .min(1, { ...expected(`${what}, not an empty text`), abort: true })
    .refine((value) => CREDENTIAL.test(value), {
      ...expected(`${what}, which has no blanks, no line breaks and no letters beyond ASCII in it`),
      abort: true,
    })
}

/** One of a few words. */
export function choice<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, expected(`one of: ${words.join(', ')}`))
}

/** An integer within bounds. */
export function wholeNumber(min: number, max: number = Number.MAX_SAFE_INTEGER) {
  const words = expected(
    max === Number.MAX_SAFE_INTEGER
      ? `a whole number of at least ${min}`
      : `a whole number from ${min} to ${max}`,
  )
  const number = z.int(words).min(min, words).max(max, words)
  return z.union([number, z.string().regex(/^\d+$/).transform(Number).pipe(number)], words)
}

/** `true` or `false`. */
export function onOff() {
  const words = z.enum(['true', 'false']).transform((word) => word === 'true')
  return z.union([z.boolean(), words], expected('true or false'))
}

/** Milliseconds, written like `72h`. */
export function duration(words = expected('a duration such as 72h, 5m or 30s')) {
  return z
    .string(words)
    .regex(DURATION_PATTERN, words)
    .transform((value) => parseDuration(value) ?? 0)
}

/** Bytes, written like `100MB`. */
export function size(words = expected('a size such as 100MB or 16MiB')) {
  return z
    .string(words)
    .regex(SIZE_PATTERN, words)
    .transform((value) => parseSize(value) ?? 0)
}

/** An http or https address without query; a slash at its end is dropped. */
export function httpUrl(words = expected('an address such as https://chat.example.com')) {
  return z
    .string(words)
    .refine(isHttpUrl, words)
    .transform((value) => withoutEnd(value.trim(), '/'))
}

/** `redis://`, `rediss://` or the absolute path of a unix socket. */
export function redisUrl(words = expected('redis://…, rediss://… or the path of a socket')) {
  return z.string(words).regex(/^(rediss?:\/\/\S+|\/(?!\/)\S+)$/, words)
}

function isHttpUrl(value: string): boolean {
  const url = URL.parse(value.trim())
  return url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === ''
}
