import type { z } from 'zod'
import { type BridgeError, OutcomeUnknownError, TransientError } from '../../errors.ts'
import type { Answer, Call, Classify, Transport } from '../../upstream/transport.ts'
import { readEnvelope, readPayload } from './envelope.ts'

/** Makes a call and reads its payload with a schema; throws a {@link BridgeError} otherwise. */
export type Api = <T>(call: Call, schema: z.ZodType<T>) => Promise<T>

export type ApiOptions = {
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
