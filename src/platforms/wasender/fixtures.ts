import nock from 'nock'
import { type AccountId, asId, type KeyId, type MsgId } from '../../kernel/ids.ts'
import { createWasenderClient, type WasenderClientOptions } from './client.ts'

/* What the client's tests share: a client, a stand-in origin, ids like those of real bodies. */

export const ORIGIN = 'https://gateway.test'
export const KEY_ID = asId<KeyId>('3EB0F00DF00DF00DF00D01')
export const MSG_ID = asId<MsgId>(100000)

export const testClient = (options: Partial<WasenderClientOptions> = {}) =>
  createWasenderClient({
    account: asId<AccountId>('sales'),
    baseUrl: `${ORIGIN}/api`,
    apiKey: 'session-key',
    personalAccessToken: '7|personal',
    routes: 'unified',
    ...options,
  })

/** Expectations below `/api`, with the bearer that has to come along. */
export const gateway = (bearer = 'session-key') =>
  nock(`${ORIGIN}/api`, { reqheaders: { authorization: `Bearer ${bearer}` } })

/** The error of a call that has to fail; the test fails when it does not. */
export async function failure(call: Promise<unknown>): Promise<unknown> {
  try {
    await call
  } catch (error) {
    return error
  }
  throw new Error('the call succeeded')
}
