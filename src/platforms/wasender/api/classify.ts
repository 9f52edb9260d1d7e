import type { Clock } from '../../../kernel/clock.ts'
import { PermanentError } from '../../../kernel/errors.ts'
import type { Answer, Classify } from '../../upstream/transport.ts'
import { meaningOfCode, meaningOfWords, type RefusalMeaning } from '../refusal-meaning.ts'
import { readEnvelope } from './envelope.ts'
import { type Facts, refusal } from './refusals.ts'
import type { TokenKind } from './token.ts'

/** Sentences of Laravel, Symfony and Express about a path, not about what is behind it. */
const ABOUT_THE_ROUTE = /\b(route|endpoint)\b.*\b(not|no)\b|\bcannot (get|post|put|patch|delete)\b/i

/**
 * Whether a 404 or 405 means "there is no such route" rather than "there is no such message". The
 * gateway's own refusals carry `success`; a framework's do not, and a proxy answers with a page.
 */
function routeIsMissing({ status, body }: Answer): boolean {
  if (status === 405) return true
  if (status !== 404) return false
  const { isObject, success, text } = readEnvelope(body)
  if (!isObject || ABOUT_THE_ROUTE.test(text)) return true
  return success === undefined && /^(not found\.?)?$/i.test(text.trim())
}

type ClassifyOptions = {
  account: string
  /** Which token the transport sends, to name the right one when it is refused. */
  token: TokenKind
  /** Appended to the message about a refused token. */
  tokenHint: string
  clock: Clock
}

type Kind = keyof typeof refusal
type Test = (facts: Facts) => boolean

const says =
  (pattern: RegExp): Test =>
  ({ envelope }) =>
    pattern.test(envelope.text)

/** By its number for it, or by what it says anywhere: in general, or of a field. */
const means =
  (meaning: RefusalMeaning): Test =>
  ({ answer, envelope: { code, text, reasons } }) =>
    [answer.status, code].some((number) => meaningOfCode(number) === meaning) ||
    [text, ...reasons.map(({ words }) => words)].some((words) => meaningOfWords(words) === meaning)

const hasStatus =
  (...statuses: number[]): Test =>
  ({ answer }) =>
    statuses.includes(answer.status)

/** Statuses that say enough even when a proxy's page comes with them. */
const SPEAKING = hasStatus(401, 404, 405, 413, 422, 429)
const NOT_CONNECTED = says(/not connected/i)

/** The gateway in trouble, or something in front of it: no decision about the request. */
const isBroken: Test = (facts) =>
  facts.answer.status >= 500 ||
  hasStatus(408, 425)(facts) ||
  (!facts.envelope.isObject && !SPEAKING(facts))

const isThrottled: Test = ({ answer, envelope }) =>
  answer.status === 429 ||
  (answer.status < 500 && envelope.success === false && envelope.retryAfterSeconds !== undefined)

/** Where a page names itself. */
const HEAD = 20_000

const showsPage =
  (pattern: RegExp): Test =>
  ({ answer: { status, body } }) =>
    [403, 429, 503].includes(status) &&
    typeof body === 'string' &&
    pattern.test(body.slice(0, HEAD))

const CHALLENGE_SCRIPT = showsPage(/cdn-cgi\/challenge-platform|_cf_chl_opt/)
/**
 * The protection in front of the API wants a browser to prove itself: nothing reached WasenderAPI
 * (docs/platforms/wasender.md#base-url).
 */
const isChallenge: Test = (facts) =>
  facts.answer.headers.get('cf-mitigated') === 'challenge' || CHALLENGE_SCRIPT(facts)

/** Such a page by its title alone, which anything in front of the API may have: no proof that nothing was sent. */
const looksLikeChallenge = showsPage(/<title>\s{0,9}(?:Just a moment|Attention Required)/i)

/**
 * The first rule that fits decides. Status comes before text where it is sure; the statuses of most refusals are
 * undocumented, so the rest is told apart by the documented sentences (docs/platforms/wasender.md#refusals).
 */
const RULES: readonly (readonly [Test, Kind])[] = [
  [isChallenge, 'challenged'],
  [isThrottled, 'rateLimited'],
  // Whatever the status, which is undocumented: a gateway that says so has not sent anything.
  [(facts) => facts.envelope.isObject && NOT_CONNECTED(facts), 'notConnected'],
  [(facts) => isBroken(facts) && facts.call.effect === 'once', 'outcomeUnknown'],
  [looksLikeChallenge, 'challenged'],
  [isBroken, 'unavailable'],
  [means('463'), 'newChatsLimited'],
  [means('475'), 'monthlyLimit'],
  [(facts) => routeIsMissing(facts.answer) && !means('not-on-whatsapp')(facts), 'noRoute'],
  [says(/subscription/i), 'subscription'],
  [says(/trial plan|session limit/i), 'plan'],
  [hasStatus(401), 'unauthorized'],
  [means('not-on-whatsapp'), 'notOnWhatsapp'],
  [({ envelope }) => envelope.fields.length > 0, 'invalid'],
  [says(/file size exceeds/i), 'tooLarge'],
  [says(/not found/i), 'notFound'],
  [hasStatus(404), 'notFound'],
  [hasStatus(413), 'tooLarge'],
  [hasStatus(422), 'invalid'],
]

/**
 * Turns an answer that is no success into the error it means. What nobody has described is permanent when the gateway
 * itself refused (docs/platforms/wasender.md#answers, #retrying).
 */
export function createClassify(options: ClassifyOptions): Classify {
  return (answer, call) => {
    const facts: Facts = { ...options, answer, call, envelope: readEnvelope(answer.body) }
    const kind = RULES.find(([test]) => test(facts))?.[1] ?? 'refused'
    return refusal[kind](facts)
  }
}

const NOT_FOUND: ReadonlySet<string> = new Set(['wasender.not_found', 'wasender.not_on_whatsapp'])

/** True when the error says that the gateway does not know the id or address that was asked for. */
export function isNotFound(error: unknown): boolean {
  if (!(error instanceof PermanentError)) return false
  return NOT_FOUND.has(error.code) || error.context.status === 404
}
