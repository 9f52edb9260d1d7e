import type { z } from 'zod'
import { OutcomeUnknownError, TransientError } from '../../../kernel/errors.ts'
import type { Answer, Call, Transport } from '../../upstream/transport.ts'
import type { Part, Upload } from '../upload/multipart.ts'

/**
 * A call below `/api/v1/accounts/{id}/`, unless `root` says that its path starts at the server's
 * root.
 */
export type ApiCall = Omit<Call, 'body' | 'json'> & {
  json?: Record<string, unknown>
  /** Sent as multipart instead of JSON. Objects become JSON text, which Chatwoot parses. */
  parts?: readonly FormPart[]
  root?: true
}

export type FormPart = { name: string; value: unknown } | Extract<Part, { body: unknown }>

/** What the resources are built on. */
export type Api = {
  /** Makes the call and reads its answer. Throws a `BridgeError`. */
  request<Shape extends z.ZodType>(call: ApiCall, shape: Shape): Promise<z.output<Shape>>
  /** Makes a call whose answer does not matter. */
  send(call: ApiCall): Promise<void>
}

type ApiOptions = {
  account: string
  accountId: number
  transport: Transport
  upload: Upload
}

export function createApi({ account, accountId, transport, upload }: ApiOptions): Api {
  /** The one way to Chatwoot, and so the one place that makes everything storable. */
  const perform = (asked: ApiCall): Promise<Answer> => {
    const { parts, root, path, json, ...rest } = storable(asked)
    const call = { ...rest, path: root ? path : `api/v1/accounts/${accountId}/${path}` }
    if (parts !== undefined) return upload(call, parts.map(toPart))
    return transport(json === undefined ? call : { ...call, json })
  }

  return {
    async request(call, shape) {
      const { status, body } = await perform(call)
      const parsed = shape.safeParse(body)
      if (parsed.success) return parsed.data
      const fields = parsed.error.issues.map((issue) => issue.path.join('.')).join(',')
      throw unreadable(account, call, { status, fields: fields || undefined })
    },
    async send(call) {
      await perform(call)
    },
  }
}

function toPart(part: FormPart): Part {
  if ('body' in part) return part
  const { name, value } = part
  return { name, value: typeof value === 'object' ? JSON.stringify(value) : String(value) }
}

/**
 * A 2xx that is not the promised JSON: a sign-in page, a cut-off answer, a changed server. Whatever
 * was asked for may have been done.
 */
function unreadable(
  account: string,
  { operation, effect }: ApiCall,
  facts: { status: number; fields: string | undefined },
): OutcomeUnknownError | TransientError {
  const options = {
    code: 'chatwoot.unreadable_answer',
    context: { account, operation, ...facts },
  }
  const message = `The answer of Chatwoot (account ${account}, ${operation}) is not readable.`
  if (effect === 'repeatable') return new TransientError(message, options)
  return new OutcomeUnknownError(`${message} It probably took effect.`, options)
}

/**
 * Characters Chatwoot cannot keep: PostgreSQL refuses U+0000, and a text that ends in U+FFFE or U+FFFF makes Chatwoot's
 * list of notifications fail for every agent who has it there.
 */
const UNSTORABLE = /[\0\ufffe\uffff]/g

/**
 * A value as Chatwoot can store it, texts and keys at every depth: what it cannot becomes U+FFFD, also halves of
 * surrogate pairs, for which Rails refuses the whole body. The same text always becomes the same, so what was written
 * is found again by it.
 */
export function storable<Value>(value: Value): Value
export function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map((item) => storable(item))
  if (!isPlainObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [storableText(key), storable(inner)]),
  )
}

function storableText(text: string): string {
  return text.toWellFormed().replace(UNSTORABLE, '\ufffd')
}

/** Files and streams are handed on as they are. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
