import { z } from 'zod'
import { flag, integer, maybe, text } from './fields.ts'

/** Why the gateway refuses: in general, or because of one field. Unmasked, never for a log. */
type Reason = { field?: string | undefined; words: string }

/** What the gateway's answers have in common, in all their shapes (docs/platforms/wasender.md#answers). */
export type Envelope = {
  /** False for anything that is no JSON object: an HTML page, an empty body, cut-off JSON. */
  isObject: boolean
  success: boolean | undefined
  /**
   * `error` or `message`, whichever the answer has. Unmasked: for matching only, never for a log.
   */
  text: string
  /** Names of the fields that failed validation. */
  fields: string[]
  /** What it says of them, and of anything else that it lists as an error. They may quote values. */
  reasons: Reason[]
  /** The gateway's or WhatsApp's own number for what is wrong. */
  code: string | undefined
  retryAfterSeconds: number | undefined
}

/** Nobody reads more of it. */
const MOST_REASONS = 5
const LONGEST = 640
const DEPTH = 3

const code = maybe(z.union([z.string(), z.number()]).transform((value) => String(value)))
const failure = z.looseObject({ message: maybe(text), code })
const words = maybe(
  z.union([
    text.transform((message) => ({ message, code: undefined })),
    z.array(z.unknown()).transform((list) => ({ message: joined(list), code: undefined })),
    failure.transform((given) => ({ message: given.message ?? joined(given), code: given.code })),
  ]),
)

const schema = z.looseObject({
  success: maybe(flag),
  error: words,
  message: words,
  errors: z.unknown().optional(),
  code,
  errorCode: code,
  error_code: code,
  retry_after: maybe(z.union([z.number(), integer])),
})

const NOTHING: Envelope = {
  isObject: false,
  success: undefined,
  text: '',
  fields: [],
  reasons: [],
  code: undefined,
  retryAfterSeconds: undefined,
}

export function readEnvelope(body: unknown): Envelope {
  const parsed = schema.safeParse(body)
  if (!parsed.success) return { ...NOTHING, text: plainWords(body) }
  const { success, error, message, errors, retry_after, ...codes } = parsed.data
  return {
    isObject: true,
    success,
    text: [error, message].flatMap((part) => part?.message ?? []).join(' '),
    fields: isRecord(errors) ? Object.keys(errors).filter(isFieldName) : [],
    reasons: reasonsIn(errors),
    code: codes.code ?? codes.errorCode ?? codes.error_code ?? error?.code ?? message?.code,
    retryAfterSeconds: retry_after,
  }
}

/** A sentence without anything around it; a page is none. */
function plainWords(body: unknown): string {
  const sentence = Array.isArray(body) ? joined(body) : body
  return typeof sentence === 'string' && !sentence.trimStart().startsWith('<')
    ? sentence.slice(0, LONGEST)
    : ''
}

function isFieldName(name: string): boolean {
  return /^[a-z_][\w.*-]{0,39}$/i.test(name)
}

function reasonsIn(errors: unknown): Reason[] {
  const named = isRecord(errors) ? Object.entries(errors) : [['', errors] as const]
  return named
    .slice(0, MOST_REASONS)
    .map(([name, given]) => ({
      ...(isFieldName(name) ? { field: name } : {}),
      words: joined(given),
    }))
    .filter(({ field, words: said }) => said !== '' || field !== undefined)
}

/** All sentences in a text, a list or an object of them. */
function joined(value: unknown): string {
  return sentencesIn(value, DEPTH).join(' ').slice(0, LONGEST)
}

function sentencesIn(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.slice(0, LONGEST)]
  if (typeof value !== 'object' || value === null || depth === 0) return []
  return Object.values(value)
    .slice(0, MOST_REASONS)
    .flatMap((inner) => sentencesIn(inner, depth - 1))
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

/** Part of a list. Rows that cannot be read are left out. */
export type Page<T> = {
  items: T[]
  /** From 1. */
  page: number
  /** `undefined` when the gateway does not say; an unpaged list has one. */
  totalPages: number | undefined
  total: number | undefined
}

export type PageQuery = {
  /** From 1. */
  page?: number
  perPage?: number
}

/**
 * A list in any of the three forms: a bare array, `items` with `pagination`, and Laravel's paginator
 * (docs/platforms/wasender.md#session-routes, #people-and-addresses).
 */
export function pageOf<T>(row: z.ZodType<T>): z.ZodType<Page<T>> {
  const rows = z
    .array(row.optional().catch(undefined))
    .transform((all) => all.filter((item) => item !== undefined))
  const bare = rows.transform((items) => ({
    items,
    page: 1,
    totalPages: 1,
    total: items.length,
  }))
  const listed = z
    .looseObject({
      items: rows,
      pagination: maybe(
        z.looseObject({ page: maybe(integer), total: maybe(integer), totalPages: maybe(integer) }),
      ),
    })
    .transform(({ items, pagination }) => ({
      items,
      page: pagination?.page ?? 1,
      totalPages: pagination?.totalPages,
      total: pagination?.total,
    }))
  const paginator = z
    .looseObject({
      data: rows,
      current_page: maybe(integer),
      last_page: maybe(integer),
      total: maybe(integer),
    })
    .transform(({ data, current_page, last_page, total }) => ({
      items: data,
      page: current_page ?? 1,
      totalPages: last_page,
      total,
    }))
  return z.union([bare, listed, paginator])
}
