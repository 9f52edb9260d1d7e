import { isRecord } from '../shapes/lenient.ts'

/** What an error answer says, whichever of Chatwoot's shapes it has (docs/platforms/chatwoot.md#conventions). */
export type ErrorBody = {
  /**
   * `chatwoot`: one of its JSON shapes. `empty`: nothing, as `contact_inboxes/filter` without a
   * hit. `foreign`: a page or a text, which something in front of Chatwoot wrote.
   */
  from: 'chatwoot' | 'empty' | 'foreign'
  /** Chatwoot's words. May quote what was sent: compare them, never pass them on. */
  text: string
  /** Attributes that failed validation, e.g. `phone_number`. */
  attributes: string[]
}

export function readErrorBody(body: unknown): ErrorBody {
  if (isRecord(body)) {
    const text = [body.error, body.message, body.errors].flatMap(textsOf).join(', ')
    return { from: 'chatwoot', text, attributes: namesOf(body.attributes) }
  }
  const isEmpty = body === null || body === undefined || (typeof body === 'string' && !body.trim())
  return { from: isEmpty ? 'empty' : 'foreign', text: '', attributes: [] }
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(textsOf)
  return isRecord(value) ? textsOf(value.message) : []
}

/** Only things that look like column names, because they become part of messages and logs. */
function namesOf(value: unknown): string[] {
  const names = Array.isArray(value) ? value : []
  return names.filter((name) => typeof name === 'string' && /^[a-z][a-z0-9_.]{0,63}$/i.test(name))
}
