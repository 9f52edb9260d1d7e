import {
  type BridgeError,
  type ErrorContext,
  OperatorNeededError,
  OutcomeUnknownError,
  PermanentError,
  RateLimitedError,
  TransientError,
} from '../../../kernel/errors.ts'
import type { Answer, Call, Classify } from '../../upstream/transport.ts'
import { type ErrorBody, problemsIn, REASONS, readErrorBody } from './reasons.ts'

/** Rack-attack counts in windows of a minute and sends no `Retry-After` (docs/platforms/chatwoot.md#rate-limits). */
const DEFAULT_WAIT_MS = 30_000
const MAX_WAIT_MS = 60 * 60_000

/**
 * Milliseconds to wait after a 429: what `Retry-After` says (seconds or a date, from a proxy or a
 * changed server), at least a second and at most an hour, else half a minute.
 */
function retryAfterMs(headers: Headers, now: number = Date.now()): number {
  const value = headers.get('retry-after')?.trim()
  if (!value) return DEFAULT_WAIT_MS
  const wait = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  if (Number.isNaN(wait)) return DEFAULT_WAIT_MS
  return Math.min(Math.max(wait, 1000), MAX_WAIT_MS)
}

/** One refused request, in the terms the rules need. */
type Refusal = {
  answer: Answer
  call: Call
  body: ErrorBody
  /** Start of every message. */
  where: string
  context: ErrorContext
}

type Rule = {
  applies: (refusal: Refusal) => boolean
  toError: (refusal: Refusal) => BridgeError
}

/** 200 messages per conversation in any 60 s (docs/platforms/chatwoot.md#rate-limits). */
const CONVERSATION_LIMIT_MS = 60_000

/**
 * Token, role, plan: the operator has to act, and what was refused waits for it
 * (docs/platforms/chatwoot.md#token-header, #status-codes).
 */
const OPERATOR_STATUSES: ReadonlySet<number> = new Set([401, 402, 403])

const says = (words: RegExp) => (refusal: Refusal) => words.test(refusal.body.text)
const hasStatus = (refusal: Refusal, ...statuses: number[]) =>
  statuses.includes(refusal.answer.status)

/** Asked in order; the first that applies decides. */
const RULES: readonly Rule[] = [
  {
    applies: (refusal) => hasStatus(refusal, 429),
    toError: (refusal) =>
      rateLimited(refusal, 'chatwoot.rate_limited', retryAfterMs(refusal.answer.headers)),
  },
  {
    applies: says(/too many messages/i),
    toError: (refusal) => rateLimited(refusal, 'chatwoot.too_many_messages', CONVERSATION_LIMIT_MS),
  },
  {
    // A statement timeout is a 422 by number and a 500 by meaning (docs/platforms/chatwoot.md#conventions).
    applies: (refusal) =>
      refusal.answer.status >= 500 ||
      hasStatus(refusal, 408) ||
      says(/took too long to complete/i)(refusal),
    toError: serverTrouble,
  },
  {
    // Rejected before Chatwoot saw it: nothing happened, and a 404 of a proxy says nothing about a
    // record.
    applies: (refusal) => refusal.body.from === 'foreign' && !hasStatus(refusal, 413),
    toError: (refusal) =>
      new TransientError(
        `${refusal.where} was answered by something in front of Chatwoot (status ` +
          `${refusal.answer.status}). Check baseUrl and the proxy.`,
        { code: 'chatwoot.foreign_answer', context: refusal.context },
      ),
  },
  { applies: () => true, toError: refused },
]

/**
 * Maps every non-2xx answer of Chatwoot to the error it means. Nothing of what was sent gets into
 * it.
 */
export function createClassify(account: string): Classify {
  return (answer, call) => {
    const body = readErrorBody(answer.body)
    const refusal: Refusal = {
      answer,
      call,
      body,
      where: `Chatwoot (account ${account}, ${call.operation})`,
      context: { account, operation: call.operation, status: answer.status },
    }
    const rule = RULES.find(({ applies }) => applies(refusal))
    return (rule?.toError ?? refused)(refusal)
  }
}

function rateLimited(refusal: Refusal, code: string, waitMs: number): BridgeError {
  const message = `${refusal.where} asks to slow down; next try in ${Math.ceil(waitMs / 1000)} s.`
  return new RateLimitedError(message, { code, context: refusal.context, waitMs })
}

function serverTrouble({ where, call, answer, context }: Refusal): BridgeError {
  const options = { code: 'chatwoot.server_error', context }
  if (call.effect === 'repeatable') {
    return new TransientError(`${where} failed with status ${answer.status}.`, options)
  }
  return new OutcomeUnknownError(
    `${where} failed with status ${answer.status}. Whether it took effect has to be found out first.`,
    options,
  )
}

function refused({ where, answer, body, context }: Refusal): BridgeError {
  const reason = REASONS.find(
    ({ status, words }) => status === answer.status && words.test(body.text),
  )
  const attributes = body.attributes.join(',') || undefined
  const problems = problemsIn(body.text).join(',') || undefined
  const details = [attributes, problems].filter(Boolean).join(': ')
  const Refusal = OPERATOR_STATUSES.has(answer.status) ? OperatorNeededError : PermanentError
  return new Refusal(
    `${where} refused with status ${answer.status}${details && ` (${details})`}. ` +
      (reason?.mend ?? 'The request is not accepted by this server.'),
    {
      code: reason?.code ?? 'chatwoot.refused',
      context: {
        ...context,
        attributes,
        problems,
        taken: takenAttributes(body).join(',') || undefined,
      },
    },
  )
}

/** True when Chatwoot says that the thing asked for does not exist (any more). */
export function isNotFound(error: unknown): error is PermanentError {
  return error instanceof PermanentError && error.code === 'chatwoot.not_found'
}

/**
 * True when a create or an update failed because another record already has this value. `attribute` is Chatwoot's name:
 * `phone_number`, `identifier`, `email`, `url`, `source_id`. The other record's id is not told: search for it
 * (docs/platforms/chatwoot.md#creating-contacts).
 */
export function isTaken(error: unknown, attribute: string): error is PermanentError {
  if (!(error instanceof PermanentError) || !error.code.startsWith('chatwoot.')) return false
  const { taken } = error.context
  return typeof taken === 'string' && taken.split(',').includes(attribute)
}

/**
 * True when Chatwoot does not take the value of an attribute for another reason, such as a number that its release knows
 * to be none.
 */
export function isRefusedValue(error: unknown, attribute: string): error is PermanentError {
  if (!(error instanceof PermanentError) || !error.code.startsWith('chatwoot.')) return false
  const { attributes } = error.context
  const isNamed = typeof attributes === 'string' && attributes.split(',').includes(attribute)
  return isNamed && !isTaken(error, attribute)
}

const TAKEN = /has already been taken/i

/**
 * Attributes whose value another record has. Several problems come as one sentence list, in the
 * order of `attributes`: "Identifier has already been taken, Phone number should be in e164
 * format".
 */
function takenAttributes({ text, attributes }: ErrorBody): string[] {
  if (/source_id should be unique/i.test(text)) return ['source_id']
  if (!TAKEN.test(text)) return []
  const sentences = text.split(', ')
  if (sentences.length === attributes.length) {
    return attributes.filter((_, index) => TAKEN.test(sentences[index] ?? ''))
  }
  // A comma inside a sentence broke the pairing: recognise each attribute by its English label.
  const words = text.toLowerCase()
  return attributes.filter((name) =>
    words.includes(`${name.replaceAll('_', ' ')} has already been taken`),
  )
}
