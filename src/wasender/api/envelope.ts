import { z } from 'zod'
import { flag, integer, maybe, text } from './fields.ts'

/**
 * What is common to the gateway's answers, of all shapes of wasender-api.md, sections 4.1 and 4.2.
 */
export type Envelope = {
  /** False for anything that is no JSON object: an HTML page, an empty body, cut-off JSON. */
  isObject: boolean
  success: boolean | undefined
  /**
   * `error` (shape A) or `message` (shapes B and C). Unmasked: for matching only, never for a log.
   */
  text: string
  /**
   * Names of the fields that failed validation; their messages are left out, they may quote values.
   */
  fields: string[]
  retryAfterSeconds: number | undefined
}

const words = maybe(
  z.union([text, z.looseObject({ message: text }).transform((error) => error.message)]),
)

const schema = z.looseObject({
  success: maybe(flag),
  error: words,
  message: words,
  errors: maybe(z.record(z.string(), z.unknown())),
  retry_after: maybe(z.union([z.number(), integer])),
})

const NOTHING: Envelope = {
  isObject: false,
  success: undefined,
  text: '',
  fields: [],
  retryAfterSeconds: undefined,
}

export function readEnvelope(body: unknown): Envelope {
  const parsed = schema.safeParse(body)
  if (!parsed.success) return NOTHING
  const { success, error, message, errors, retry_after } = parsed.data
  return {
    isObject: true,
    success,
    text: [error, message].filter((part) => part !== undefined).join(' '),
    fields: Object.keys(errors ?? {}).filter((name) => /^[a-z_][\w.*-]{0,39}$/i.test(name)),
    retryAfterSeconds: retry_after,
  }
}

/**
 * The payload of a success: what is under `data`, or beside it, or the bare body. Some routes put a
 * field next to `data`, some inside, and the documentation does not agree with itself about which.
 */
export function readPayload(body: unknown): unknown {
  if (!isRecord(body)) return body
  const { data } = body
  return isRecord(data) ? { ...body, ...data } : (data ?? body)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
