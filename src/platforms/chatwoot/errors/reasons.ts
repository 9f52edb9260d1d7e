import { isRecord } from '../shapes/lenient.ts'

/** One refusal Chatwoot words in its own way, and how to mend it. */
type Reason = { status: number; words: RegExp; code: string; mend: string }

/**
 * Refusals that are told apart by their words, because Chatwoot gives no code. The words are English in every locale
 * (docs/platforms/chatwoot.md#status-codes). The first match wins; `words: /^/` is the rest of a status.
 */
export const REASONS: readonly Reason[] = [
  {
    status: 401,
    words: /sign in or sign up/i,
    code: 'chatwoot.header_dropped',
    mend:
      'The token did not reach Chatwoot: a proxy in between drops the Api-Access-Token header. ' +
      'Let it pass that header on.',
  },
  {
    status: 401,
    words: /invalid access token/i,
    code: 'chatwoot.bad_token',
    mend: 'The access token is wrong or was reset. Copy it again from the profile settings of its user.',
  },
  {
    status: 401,
    words: /\bbots?\b/i,
    code: 'chatwoot.bot_token',
    mend:
      'The token belongs to an agent bot, which may not do this. ' +
      "Use the token of an administrator's profile.",
  },
  {
    status: 401,
    words: /suspended/i,
    code: 'chatwoot.not_authorized',
    mend: 'The Chatwoot account is suspended.',
  },
  {
    status: 401,
    words: /access this account/i,
    code: 'chatwoot.not_authorized',
    mend: "The token's user is not a member of the account. Check accountId or add the user.",
  },
  {
    status: 401,
    words: /^/,
    code: 'chatwoot.not_authorized',
    mend: "The token's user lacks the role or the inbox. Make that user an administrator.",
  },
  {
    status: 402,
    words: /^/,
    code: 'chatwoot.plan_limit',
    mend: 'A limit of the Chatwoot plan is reached.',
  },
  {
    status: 403,
    words: /api access is not enabled/i,
    code: 'chatwoot.api_disabled',
    mend: 'The Chatwoot plan does not include API access.',
  },
  {
    status: 403,
    words: /api inboxes/i,
    code: 'chatwoot.not_api_inbox',
    mend: 'The inbox is not of the kind "API". Check inboxId or create an API inbox.',
  },
  {
    status: 403,
    words: /^/,
    code: 'chatwoot.forbidden',
    mend: 'Chatwoot, or a proxy in front of it, forbids this.',
  },
  {
    status: 404,
    words: /^/,
    code: 'chatwoot.not_found',
    mend: 'It was deleted, or accountId is wrong.',
  },
  {
    status: 413,
    words: /^/,
    code: 'chatwoot.too_large',
    mend: 'The upload is larger than the proxy in front of Chatwoot allows. Raise its body limit.',
  },
  {
    status: 422,
    words: /only allowed in api inboxes/i,
    code: 'chatwoot.not_api_inbox',
    mend: 'The inbox is not of the kind "API". Check inboxId or create an API inbox.',
  },
  {
    status: 422,
    words: /source_id should be unique/i,
    code: 'chatwoot.source_id_taken',
    mend: 'The source id belongs to another contact of the inbox.',
  },
  { status: 422, words: /^/, code: 'chatwoot.invalid', mend: 'The values were not accepted.' },
]

/** What is wrong with a value, as far as it is a kind the bridge or an operator can act on. */
const PROBLEMS: readonly (readonly [name: string, words: RegExp])[] = [
  ['taken', /has already been taken|should be unique/i],
  ['too_long', /is too long|length should be/i],
  ['format', /e164|is invalid/i],
  ['blank', /can't be blank|param is missing/i],
  ['unknown_value', /is not a valid/i],
]

/** Names of the problems Chatwoot's words speak of. */
export function problemsIn(text: string): string[] {
  return PROBLEMS.filter(([, words]) => words.test(text)).map(([name]) => name)
}

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
