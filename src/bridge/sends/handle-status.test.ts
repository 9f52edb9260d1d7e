import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { beforeEach, describe, expect, it } from 'vitest'
import { useRedis } from '../../../test/support/use-redis.ts'
import type { Account } from '../../accounts/account.ts'
import { en } from '../../content/locale/en.ts'
import type { KeyId, MessageId, MsgId } from '../../kernel/ids.ts'
import type { SendFailedEvent } from '../../platforms/wasender/events/index.ts'
import type { Entry } from '../../queue/entry.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import { createMemoryLinks } from '../testing/memory-links.ts'
import { SAMPLE_SEND } from '../testing/sample-send.ts'
import { originOf } from './echoes.ts'
import { createFailureGuesses, createUnnamedFailures, type UnnamedFailures } from './failed-send.ts'
import { createHandleStatus, type StatusDeps } from './handle-status.ts'
import { createJournal, type Journal } from './journal.ts'

const DAY = 86_400_000
const account = { id: SAMPLE_SEND.account, texts: en } as Account

let redis: Redis
useRedis((given) => {
  redis = given
})

let now: number
const clock = { now: () => now }
let journal: Journal
let reports: MessageId[]
let isAway: boolean
let handle: ReturnType<typeof createHandleStatus>
let entries: number
let unnamedFailures: UnnamedFailures

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
  unnamedFailures = createUnnamedFailures({ redis, prefix: `${randomUUID()}:` })
  handle = createHandleStatus({
    journal,
    receipts: { report },
    people: { find: async () => SAMPLE_SEND.chat },
    clock,
    unnamedFailures,
    failureGuesses: createFailureGuesses({ state: { redis, prefix: `${randomUUID()}:` }, journal }),
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
/** Its echo comes. */
async function arrives(id: number) {
  const keyId = `3EB0${id}` as KeyId
  const echo = { chat: SAMPLE_SEND.chat, keyId, fingerprint: `${id}` }
  await originOf(journal, clock, { ...echo, account: account.id, heardAt: now })
}
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

  it('counts once, however often it is told, when the others prove to arrive', async () => {
    await hear(failure('a'))
    const again = [entryOf(failure('a')), entryOf(failure('a'))]
    for (const entry of again) {
      const wait = { name: 'WaitUntil', until: now + 2_000, mayBeWoken: false }
      await expect(take(entry)).rejects.toMatchObject(wait)
    }
    now += 2_000
    await arrives(2)
    for (const entry of again) expect(await take(entry)).toBeUndefined()
    now += DAY / 2
    for (const entry of again) await take(entry)
    expect([await stateOf(1), await stateOf(2)]).toEqual(['failed', 'linked'])
  })

  it('is another one when it is told again and nothing arrives of the others', async () => {
    await hear(failure('a'))
    const again = entryOf(failure('a'))
    now += 1
    await send(3)
    now += 30_000
    isAway = true
    await expect(take(again)).rejects.toThrow('away')
    isAway = false
    expect(await take(again)).toBeUndefined()
    expect([await stateOf(2), await stateOf(3)]).toEqual(['failed', 'accepted'])
    expect(reports).toEqual([1, 2])
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
    await expect(hear(failure('a'))).rejects.toBeInstanceOf(WaitUntil)
    expect([await stateOf(1), await stateOf(2)]).toEqual(['accepted', 'accepted'])
  })

  it('is none of what arrived, and the echo of what was taken for it clears it', async () => {
    await hear(failure('a'))
    const echo = { chat: SAMPLE_SEND.chat, keyId: '3EB01' as KeyId, fingerprint: '1' }
    const own = { ...echo, account: account.id, heardAt: now }
    expect(await originOf(journal, clock, own)).toMatchObject({ link: { messageId: 1 } })
    await expect(hear(failure('a'))).rejects.toBeInstanceOf(WaitUntil)
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
  await expect(hear(failure('a'))).rejects.toBeInstanceOf(WaitUntil)
  expect(await stateOf(1)).toBe('accepted')
})

it('is certain when it names the message', async () => {
  const { msgId } = await send(1)
  await hear({ ...failure('a'), ...(msgId === undefined ? {} : { msgId }) })
  const [failed] = await journal.ofMessage(account.id, 1 as MessageId)
  expect(failed?.state).toBe('failed')
  expect(failed).not.toHaveProperty('inDoubt')
})

it('is kept for the sends before it when it names nobody', async () => {
  const before = await send(1)
  now += 1
  const entry = entryOf({ type: 'send-failed', reason: 'unspecified' })
  expect(await take(entry)).toBeUndefined()
  now += 1
  const since = await send(2)
  expect(await stateOf(1)).toBe('accepted')
  expect(await unnamedFailures.after(before)).toBe(entry.id)
  expect(await unnamedFailures.after(since)).toBeUndefined()
  await unnamedFailures.settle(account.id, entry.id)
  expect(await unnamedFailures.after(before)).toBeUndefined()
})
