import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startRedis, type TestRedis } from '../../../test/support/redis.ts'
import type { Account } from '../../account.ts'
import type { KeyId, MessageId, MsgId } from '../../ids.ts'
import { en } from '../../locale/en.ts'
import type { SendFailedEvent } from '../../wasender/events/index.ts'
import type { Entry } from '../lanes/lanes.ts'
import { createMemoryLinks } from '../testing/memory-links.ts'
import { SAMPLE_SEND } from '../testing/sample-send.ts'
import { originOf } from './echoes.ts'
import { createFailureGuesses } from './failure-guesses.ts'
import { createHandleStatus, type StatusDeps } from './handle-status.ts'
import { createJournal, type Journal } from './journal.ts'

const DAY = 86_400_000
const account = { id: SAMPLE_SEND.account, texts: en } as Account

let server: TestRedis
let redis: Redis
beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.url)
})
afterAll(async () => {
  redis.disconnect()
  await server.stop()
})

let now: number
const clock = { now: () => now }
let journal: Journal
let reports: MessageId[]
let isAway: boolean
let handle: ReturnType<typeof createHandleStatus>
let entries: number

beforeEach(() => {
  now = 1_000
  entries = 0
  reports = []
  isAway = false
  journal = createJournal({ store: createMemoryLinks(), clock })
  const report = async (_account: unknown, _conversation: unknown, message: MessageId) => {
    if (isAway) throw new Error('away')
    reports.push(message)
  }
  handle = createHandleStatus({
    journal,
    receipts: { report },
    people: { find: async () => SAMPLE_SEND.chat },
    failureGuesses: createFailureGuesses({ redis, prefix: `${randomUUID()}:`, journal }),
  } as unknown as StatusDeps)
})

/** Accepted by the gateway. */
async function send(id: number) {
  const link = await journal.begin({
    ...SAMPLE_SEND,
    messageId: id as MessageId,
    fingerprint: `${id}`,
  })
  if (link === undefined) throw new Error('It was begun before')
  return journal.note(link, { kind: 'accepted', msgId: (id * 100 + now) as MsgId })
}

/** What came with the webhook; another time is another failure. */
const failure = (digest?: string): SendFailedEvent => ({
  type: 'send-failed',
  to: { kind: 'phone', digits: '15550001111' },
  reason: 'unspecified',
  ...(digest === undefined ? {} : { digest }),
})
function entryOf(event: SendFailedEvent): Entry<SendFailedEvent> {
  entries += 1
  return { id: `${entries}.${now}`, receivedAt: now, event, attempts: 0 }
}
const take = (entry: Entry<SendFailedEvent>) => handle(account, entry, entry.event)
const hear = (event: SendFailedEvent) => take(entryOf(event))
const stateOf = async (id: number) =>
  (await journal.ofMessage(account.id, id as MessageId))[0]?.state

describe('a failure that names no message', () => {
  beforeEach(async () => {
    await send(1)
    now += 1
    await send(2)
    now += 1
  })

  it('is the oldest open send to that number', async () => {
    await hear(failure('a'))
    expect(await journal.ofMessage(account.id, 1 as MessageId)).toMatchObject([
      { state: 'failed', reason: en.failed.notDelivered, inDoubt: true },
    ])
    expect(await stateOf(2)).toBe('accepted')
    expect(reports).toEqual([1])
  })

  it('counts once, however often it is told', async () => {
    for (let time = 0; time < 3; time += 1) await hear(failure('a'))
    expect([await stateOf(1), await stateOf(2)]).toEqual(['failed', 'accepted'])
  })

  it.each([
    ['of another time', 'a', 'b'],
    ['without a time', undefined, undefined],
  ])('counts beside one %s', async (_which, one, other) => {
    await hear(failure(one))
    await hear(failure(other))
    expect([await stateOf(1), await stateOf(2)]).toEqual(['failed', 'failed'])
    expect(reports).toEqual([1, 2])
  })

  it.each(['a', undefined])('counts once when Chatwoot was away meanwhile (%s)', async (digest) => {
    const entry = entryOf(failure(digest))
    isAway = true
    await expect(take(entry)).rejects.toThrow('away')
    isAway = false
    await take(entry)
    expect([await stateOf(1), await stateOf(2)]).toEqual(['failed', 'accepted'])
    expect(reports).toEqual([1])
  })

  it('does not count again once Retry was pressed', async () => {
    await hear(failure('a'))
    const [failed] = await journal.ofMessage(account.id, 1 as MessageId)
    await journal.note(failed!, { kind: 'retry' })
    now += 1
    await send(1)
    await hear(failure('a'))
    expect([await stateOf(1), await stateOf(2)]).toEqual(['accepted', 'accepted'])
  })

  it('is none of what arrived, and the echo of what was taken for it clears it', async () => {
    await hear(failure('a'))
    const echo = { chat: SAMPLE_SEND.chat, keyId: '3EB01' as KeyId, fingerprint: '1' }
    const own = { ...echo, account: account.id, heardAt: now }
    expect(await originOf(journal, clock, own)).toMatchObject({ link: { messageId: 1 } })
    await hear(failure('a'))
    expect([await stateOf(1), await stateOf(2)]).toEqual(['linked', 'accepted'])
  })

  it('is never a send of more than a day before', async () => {
    now += DAY
    await send(3)
    await hear(failure('a'))
    expect([await stateOf(1), await stateOf(3)]).toEqual(['accepted', 'failed'])
  })
})

it('is not what was sent after it was told first', async () => {
  await hear(failure('a'))
  await send(1)
  await hear(failure('a'))
  expect(await stateOf(1)).toBe('accepted')
})

it('is certain when it names the message', async () => {
  const { msgId } = await send(1)
  await hear({ ...failure('a'), ...(msgId === undefined ? {} : { msgId }) })
  const [failed] = await journal.ofMessage(account.id, 1 as MessageId)
  expect(failed?.state).toBe('failed')
  expect(failed).not.toHaveProperty('inDoubt')
})
