import querystring from 'node:querystring'
import type { Context } from 'hono'
import { z } from 'zod'
import { ApiError, refused } from './errors.ts'
import type { Json } from './types.ts'

/** The body of a request as one object, from JSON, multipart or a form, with Rails' `a[b]` and `a[]` names. */
export async function readBody(c: Context): Promise<Json> {
  const type = c.req.header('content-type') ?? ''
  if (type.includes('multipart/form-data') || type.includes('x-www-form-urlencoded'))
    return nested(await c.req.formData())
  const text = await c.req.text()
  if (text === '') return {}
  const body = parsed(text, c.req.header('accept') ?? '')
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {}
}

/** Ruby's JSON takes no half of a surrogate pair, escaped or not: the request ends before any controller. */
function parsed(text: string, accept: string): unknown {
  try {
    const body: unknown = JSON.parse(text)
    if (!isWellFormed(body)) throw new TypeError('A lone surrogate')
    return body
  } catch (cause) {
    const words = /json/.test(accept) ? { status: 400, error: 'Bad Request' } : undefined
    throw Object.assign(new ApiError(400, words), { cause })
  }
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, inner]) => key.isWellFormed() && isWellFormed(inner))
}

/** PostgreSQL stores no U+0000 in a text. Rails tells it of a message, and of nothing else. */
export function hasNul(...values: unknown[]): boolean {
  return values.some((value) => typeof value === 'string' && value.includes('\0'))
}

function nested(form: FormData): Json {
  const body: Json = {}
  for (const [name, value] of form.entries()) {
    const [head = '', ...rest] = name.split('[').map((part) => part.replace(/\]$/, ''))
    body[head] = placed(body[head], rest, value instanceof File ? named(value) : value)
  }
  return body
}

/** Rack decodes `%XX` in the name of a file, if every `%` in it begins one. */
function named(file: File): File {
  if (!file.name.includes('%') || /%(?![0-9a-f]{2})/i.test(file.name)) return file
  return new File([file], querystring.unescape(file.name), { type: file.type })
}

/** `current` with `value` put at the end of the path; an empty part appends to a list. */
function placed(current: unknown, path: string[], value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (key === '')
    return [...(Array.isArray(current) ? current : []), placed(undefined, rest, value)]
  const object: Json = typeof current === 'object' && current !== null ? { ...current } : {}
  return { ...object, [key]: placed(object[key], rest, value) }
}

/** A string; numbers are taken too, as a database column would. */
export const text = z.union([z.string(), z.number().transform(String)])
/** A whole number, also when it comes as text from a form. */
export const wholeNumber = z.union([z.number().int(), z.string().regex(/^\d+$/).transform(Number)])
export const flag = z.union([
  z.boolean(),
  z.string().transform((value) => value === 'true' || value === '1'),
])
export const object = z.record(z.string(), z.unknown())
/** An object, or the JSON text of one as multipart requests carry it. */
export const objectOrJson = z.union([
  object,
  z.string().transform((value, context): Json => {
    try {
      return object.parse(JSON.parse(value))
    } catch {
      context.addIssue({ code: 'custom', message: 'is not a JSON object' })
      return z.NEVER
    }
  }),
])

/** Parses a body; what does not fit is a 422 that names the keys, so that a wrong client notices. */
export function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const keys = result.error.issues.map((issue) => issue.path.join('.'))
  throw refused(`Invalid parameters: ${[...new Set(keys)].join(', ')}`)
}

/** The object under a wrapper key such as `webhook`; missing is Rails' own 422. */
export function wrapped(body: Json, key: string): Json {
  const inner = object.safeParse(body[key])
  if (!inner.success) throw refused(`param is missing or the value is empty: ${key}`)
  return inner.data
}
