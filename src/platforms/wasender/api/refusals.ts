import type { Clock } from '../../../kernel/clock.ts'
import {
  type BridgeError,
  type ErrorContext,
  OperatorNeededError,
  OutcomeUnknownError,
  PermanentError,
  RateLimitedError,
  SessionDownError,
  TransientError,
} from '../../../kernel/errors.ts'
import type { Answer, Call } from '../../upstream/transport.ts'
import { type Envelope, readEnvelope } from './envelope.ts'
import { maskText } from './mask.ts'
import { TOKENS, type TokenKind } from './token.ts'

const SECOND = 1000
/** Never hammer, not even when told to wait for 0 s. */
const LEAST_MS = 1 * SECOND
/**
 * A pause longer than this is asked for again: a refused request does no harm, a wrong number
 * would.
 */
const MOST_MS = 3600 * SECOND
/** The vendor's own client trusts `Retry-After` no further than this. */
const MOST_BY_HEADER_MS = 60 * SECOND
/** The pace of account protection, for a 429 that says nothing (docs/platforms/wasender.md#rate-limits). */
const DEFAULT_MS = 5 * SECOND

/** One place where the wait may be written, read as milliseconds from now. */
type Source = (answer: Answer, now: number) => number | undefined

/** In the vendor's order (docs/platforms/wasender.md#retrying). */
const SOURCES: readonly Source[] = [
  ({ body }) => inSeconds(readEnvelope(body).retryAfterSeconds),
  ({ headers }, now) => capped(retryAfter(headers.get('retry-after'), now), MOST_BY_HEADER_MS),
  ({ headers }, now) => reset(headers.get('x-ratelimit-reset'), now),
]

/**
 * How long a 429 asks to wait, in milliseconds, between one second and one hour.
 *
 * @param now Milliseconds since 1970.
 */
export function rateLimitWait(answer: Answer, now: number): number {
  for (const source of SOURCES) {
    const wait = source(answer, now)
    if (wait !== undefined) return Math.min(Math.max(Math.ceil(wait), LEAST_MS), MOST_MS)
  }
  return DEFAULT_MS
}

function inSeconds(seconds: number | undefined): number | undefined {
  return seconds === undefined || !Number.isFinite(seconds) || seconds < 0
    ? undefined
    : seconds * SECOND
}

function numeric(header: string | null): number | undefined {
  return header !== null && /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) : undefined
}

/** Seconds, or an HTTP date. */
function retryAfter(header: string | null, now: number): number | undefined {
  const seconds = numeric(header)
  if (seconds !== undefined) return inSeconds(seconds)
  const date = header === null ? Number.NaN : Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/**
 * `X-RateLimit-Reset` is seconds from now on one page of the documentation and a unix timestamp on
 * others. The billion keeps a timestamp that has just passed from being read as thirty years.
 */
function reset(header: string | null, now: number): number | undefined {
  const value = numeric(header)
  if (value === undefined) return undefined
  const isTimestamp = value > now / SECOND + 5 || value >= 1_000_000_000
  return isTimestamp ? Math.max(0, value * SECOND - now) : value * SECOND
}

function capped(wait: number | undefined, most: number): number | undefined {
  return wait === undefined ? undefined : Math.min(wait, most)
}

/** Everything known about an answer that is no success. */
export type Facts = {
  account: string
  token: TokenKind
  tokenHint: string
  clock: Clock
  answer: Answer
  call: Call
  envelope: Envelope
}

const where = ({ account, call }: Facts) => `WasenderAPI (account ${account}, ${call.operation})`

/** The gateway's words are kept for the one who looks into it, masked. */
function safeContext(facts: Facts): ErrorContext {
  const { account, call, answer } = facts
  const upstream = wordsOf(facts)
  return {
    account,
    operation: call.operation,
    status: answer.status,
    ...(upstream === '' ? {} : { upstream }),
  }
}

/** What it says of single fields, else in general, without anything of what was sent. */
function wordsOf({ call, envelope: { text, reasons } }: Facts): string {
  const said = reasons.filter(({ words }) => words !== '')
  const words =
    said.length === 0
      ? text
      : said
          .map(({ field, words: why }) => (field === undefined ? why : `${field}: ${why}`))
          .join(' ')
  return maskText(words, call.json)
}

/** The same behind a sentence. */
function saying(facts: Facts): string {
  const words = wordsOf(facts)
  return words === '' ? '' : ` It says: ${words}`
}

const MOST_FIELDS = 5

type Make = (facts: Facts) => BridgeError

/** A refusal that no repetition changes. */
function permanent(code: string, sentence: (facts: Facts) => string): Make {
  return (facts) => new PermanentError(sentence(facts), { code, context: safeContext(facts) })
}

/** A refusal that lasts until the operator acts; the message itself is fine and waits. */
function operatorNeeded(code: string, sentence: (facts: Facts) => string): Make {
  return (facts) => new OperatorNeededError(sentence(facts), { code, context: safeContext(facts) })
}

/** What the gateway can mean, and what the bridge makes of it. */
export const refusal = {
  rateLimited: (facts) => {
    const waitMs = rateLimitWait(facts.answer, facts.clock.now())
    return new RateLimitedError(`${where(facts)} asks to wait ${waitMs} ms.`, {
      code: 'wasender.rate_limited',
      context: safeContext(facts),
      waitMs,
    })
  },
  notConnected: (facts) =>
    new SessionDownError(
      `The WhatsApp session of account ${facts.account} is not connected. Connect it, by QR code if asked for.`,
      { code: 'wasender.not_connected', context: safeContext(facts) },
    ),
  unavailable: (facts) =>
    new TransientError(
      `${where(facts)} is in trouble (HTTP ${facts.answer.status}). It is tried again.`,
      { code: 'wasender.unavailable', context: safeContext(facts) },
    ),
  challenged: (facts) =>
    new TransientError(
      `${where(facts)} did not get the request: a protection page in front of it wants a browser (HTTP ${facts.answer.status}). ` +
        'Ask WasenderAPI to let the address of this server through. It is tried again.',
      { code: 'wasender.challenged', context: { ...safeContext(facts), upstream: 'HTML' } },
    ),
  outcomeUnknown: (facts) =>
    new OutcomeUnknownError(
      `${where(facts)} failed midway (HTTP ${facts.answer.status}). Whether it took effect has to be found out first.`,
      { code: 'wasender.outcome_unknown', context: safeContext(facts) },
    ),
  unauthorized: operatorNeeded('wasender.unauthorized', (facts) => {
    const { name, configKey, found } = TOKENS[facts.token]
    return `${where(facts)} refuses the ${name}.${facts.tokenHint} Set ${configKey} to the one ${found}.`
  }),
  subscription: operatorNeeded(
    'wasender.subscription',
    (facts) => `${where(facts)} needs an active subscription or trial. Renew it with WasenderAPI.`,
  ),
  plan: operatorNeeded(
    'wasender.plan',
    (facts) => `${where(facts)} is not part of the WasenderAPI plan in use. Upgrade the plan.`,
  ),
  invalid: (facts) => {
    const fields = facts.envelope.fields.slice(0, MOST_FIELDS)
    const which = fields.length === 0 ? '' : ` Fields: ${fields.join(', ')}.`
    return new PermanentError(
      `${where(facts)} finds the request invalid.${which}${saying(facts)}`,
      { code: 'wasender.invalid', context: { ...safeContext(facts), fields: fields.join(',') } },
    )
  },
  tooLarge: permanent(
    'wasender.too_large',
    (facts) => `${where(facts)} refuses the file: it is larger than its kind may be.`,
  ),
  notFound: permanent(
    'wasender.not_found',
    (facts) => `${where(facts)} does not know what was asked for.`,
  ),
  noRoute: permanent(
    'wasender.no_route',
    (facts) =>
      `${where(facts)} has no such route (HTTP ${facts.answer.status}). Check accounts[].wasender.baseUrl and routes.`,
  ),
  refused: permanent(
    'wasender.refused',
    (facts) => `${where(facts)} refuses the request (HTTP ${facts.answer.status}).${saying(facts)}`,
  ),
  notOnWhatsapp: permanent(
    'wasender.not_on_whatsapp',
    (facts) => `${where(facts)} says that there is nobody on WhatsApp under that address.`,
  ),
  newChatsLimited: permanent(
    'wasender.new_chats_limited',
    (facts) =>
      `${where(facts)}: WhatsApp lets the account start no new chats at the moment (463). It passes by itself.`,
  ),
  monthlyLimit: permanent(
    'wasender.monthly_limit',
    (facts) =>
      `${where(facts)}: WhatsApp lets the account start no more new conversations this month (475).`,
  ),
} satisfies Record<string, Make>
