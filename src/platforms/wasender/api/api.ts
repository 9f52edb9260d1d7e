import { z } from 'zod'
import {
  type BridgeError,
  OutcomeUnknownError,
  PermanentError,
  TransientError,
} from '../../../kernel/errors.ts'
import type { Answer, Call, Classify, Transport } from '../../upstream/transport.ts'
import { isNotFound } from './classify.ts'
import { readEnvelope, readPayload } from './envelope.ts'

/** Makes a call and reads its payload with a schema; throws a {@link BridgeError} otherwise. */
export type Api = <T>(call: Call, schema: z.ZodType<T>) => Promise<T>

type ApiOptions = {
  account: string
  transport: Transport
  classify: Classify
}

/**
 * The gateway's conventions on top of HTTP: a 2xx with `success: false` is a refusal like any other, and a 2xx nobody
 * can read means an accepted call whose answer is lost (docs/platforms/wasender.md#answers).
 */
export function createApi({ account, transport, classify }: ApiOptions): Api {
  return async (call, schema) => {
    const answer = await transport(call)
    if (readEnvelope(answer.body).success === false) throw classify(answer, call)
    const parsed = schema.safeParse(readPayload(answer.body))
    if (parsed.success) return parsed.data
    throw unreadable(account, call, answer, parsed.error)
  }
}

function unreadable(account: string, call: Call, answer: Answer, error: z.ZodError): BridgeError {
  // Names of fields only: zod's own messages may quote what was received.
  const fields = [...new Set(error.issues.map((issue) => issue.path.join('.')))].join(',')
  const options = {
    code: 'wasender.unreadable_answer',
    context: { account, operation: call.operation, status: answer.status, fields },
  }
  const where = `WasenderAPI (account ${account}, ${call.operation})`
  return call.effect === 'once'
    ? new OutcomeUnknownError(
        `${where} answered something unreadable. Whether it took effect has to be found out first.`,
        options,
      )
    : new TransientError(`${where} answered something unreadable. It is tried again.`, options)
}

/**
 * The answer of a call that returns nothing of interest: any JSON, or nothing at all (a 204). Not
 * any text, because a web page with status 200 means the base URL leads to the website.
 */
export const acknowledged = z
  .union([z.literal(''), z.looseObject({}), z.array(z.unknown())])
  .transform(() => undefined)

/**
 * The value asked for, or `undefined` when the gateway does not know it; every other error stays
 * one.
 */
export async function orUndefined<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/**
 * A path below the base URL whose values are encoded, as in `` path`contacts/${phone}/picture` ``.
 *
 * @throws {PermanentError} `wasender.bad_path` for a value that would lead to another route: an
 * empty one or one made of dots.
 */
export function path(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return String.raw({ raw: parts }, ...values.map(segment))
}

function segment(value: string | number): string {
  const plain = String(value).trim()
  if (plain === '' || plain === '.' || plain === '..') {
    throw new PermanentError('An id in the path of a WasenderAPI request is empty or only dots.', {
      code: 'wasender.bad_path',
    })
  }
  return encodeURIComponent(plain)
}
