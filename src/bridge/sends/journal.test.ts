import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startRedis, type TestRedis } from '../../../test/support/redis.ts'
import type { Account } from '../../accounts/account.ts'
import { TransientError } from '../../kernel/errors.ts'
import type { KeyId, MsgId } from '../../kernel/ids.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import { createFileStore } from '../../state/store/file-store.ts'
import { storeKey } from '../../state/store/keys.ts'
import { createRedisStore } from '../../state/store/redis-store.ts'
import type { OutboundLink, Store } from '../../state/store/types.ts'
import { sendPart } from '../outbound/send-message.ts'
import { SAMPLE_SEND } from '../testing/sample-send.ts'
import { createJournal, type Journal } from './journal.ts'

const send = SAMPLE_SEND
const MESSAGE = send.messageId
const clock = { now: () => 1_000 }
const BOTH = [0, 1] as const

let server: TestRedis
let redis: Redis
let dir: string
beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.url)
  dir = await mkdtemp(join(tmpdir(), 'journal-'))
})
afterAll(async () => {
  redis.disconnect()
  await server.stop()
  await rm(dir, { recursive: true, force: true })
})

/** What two turns see that work at once: in one process with files, in two of them with Redis. */
const STORES: Record<string, () => Promise<[Store, Store]>> = {
  async files() {
    const store = await createFileStore({ dir: join(dir, randomUUID()) })
    return [store, store]
  },
  async Redis() {
    const prefix = `${randomUUID()}:`
    return [await createRedisStore({ redis, prefix }), await createRedisStore({ redis, prefix })]
  },
}

describe.each(Object.entries(STORES))('the journal in %s', (_name, open) => {
  let stores: [Store, Store]
  let journals: [Journal, Journal]
  beforeEach(async () => {
    stores = await open()
    journals = [
      createJournal({ store: stores[0], clock }),
      createJournal({ store: stores[1], clock }),
    ]
  })
  afterEach(async () => {
    for (const store of new Set(stores)) await store.close()
  })

  const known = () => journals[0].ofMessage(send.account, MESSAGE)
  const begun = async (state?: 'queued'): Promise<OutboundLink> => {
    const link = await journals[0].begin(send, state)
    if (link === undefined) throw new Error('It was begun before')
    return link
  }

  it('lets one of two begin that want to at once', async () => {
    const both = await Promise.all(BOTH.map((n) => journals[n].begin(send)))
    expect(both.filter((link) => link !== undefined)).toHaveLength(1)
    expect(await known()).toMatchObject([{ state: 'sending' }])
  })

  it('lets one of two begin what Retry has queued, and keeps what is not of the send', async () => {
    const failed = await journals[0].note(await begun(), { kind: 'failed', reason: 'No.' })
    const queued = await journals[0].note(failed, { kind: 'retry' })
    const mistakenEchoes = '3EB01' as KeyId
    await stores[0].links.put(storeKey.outboundLink(send.account, MESSAGE, 0), {
      ...queued,
      mistakenEchoes,
    })
    const both = await Promise.all(
      BOTH.map((n) => journals[n].begin({ ...send, fingerprint: 'g' })),
    )
    expect(both.filter((link) => link !== undefined)).toHaveLength(1)
    expect(await known()).toMatchObject([{ state: 'sending', fingerprint: 'g', mistakenEchoes }])
  })

  it('lets nobody begin what was begun or has failed', async () => {
    const link = await begun()
    expect(await journals[1].begin(send)).toBeUndefined()
    await journals[0].note(link, { kind: 'failed', reason: 'No.' })
    expect(await journals[1].begin(send)).toBeUndefined()
    expect(await known()).toMatchObject([{ state: 'failed', reason: 'No.' }])
  })

  it('lets nobody begin what was deleted while it waited', async () => {
    await journals[0].note(await begun('queued'), { kind: 'deleted', by: MESSAGE })
    expect(await journals[1].begin(send)).toBeUndefined()
    expect(await known()).toMatchObject([{ state: 'queued', deletedBy: MESSAGE }])
  })

  describe('a send that was not let in', () => {
    it('is gone, or waits again when it had waited before', async () => {
      await journals[0].withdraw(await begun())
      expect(await known()).toEqual([])
      const queued = await begun('queued')
      await journals[0].withdraw(await begun(), queued)
      expect(await known()).toMatchObject([{ state: 'queued' }])
      expect(await journals[1].begin(send)).toBeDefined()
    })

    it.each(['new', 'queued'] as const)('stays deleted when it was meanwhile (%s)', async (is) => {
      const before = is === 'queued' ? await begun('queued') : undefined
      const link = await begun()
      await journals[1].note(link, { kind: 'deleted', by: MESSAGE })
      await journals[0].withdraw(link, before)
      expect(await known()).toMatchObject([{ state: 'queued', deletedBy: MESSAGE }])
      expect(await journals[1].begin(send)).toBeUndefined()
    })

    it('keeps a sign that it was sent after all', async () => {
      const before = await begun('queued')
      const link = await begun()
      await journals[1].note(link, { kind: 'linked', keyId: '3EB01' as KeyId, by: 'echo' })
      await journals[0].withdraw(link, before)
      await journals[0].withdraw(link)
      expect(await known()).toMatchObject([{ state: 'linked', keyId: '3EB01' }])
    })

    it('takes nothing away that Chatwoot was told meanwhile', async () => {
      const before = await begun('queued')
      const link = await begun()
      const id = storeKey.outboundLink(send.account, MESSAGE, 0)
      await stores[1].links.put(id, { ...link, reported: 'failed' })
      await journals[0].withdraw(link, before)
      expect(await known()).toMatchObject([{ state: 'queued', reported: 'failed' }])
    })
  })

  it('is not dropped once somebody has begun it', async () => {
    const waiting = await begun('queued')
    const link = await journals[1].begin(send)
    expect(link).toBeDefined()
    const dropped = await journals[0].note(waiting, { kind: 'dropped', by: MESSAGE })
    expect(dropped).toMatchObject({ state: 'sending' })
    expect(dropped.deletedBy).toBeUndefined()
  })

  describe('two turns with one message', () => {
    const answers: (() => Promise<{ msgId: MsgId }>)[] = []
    let requests = 0
    beforeEach(() => {
      answers.splice(0)
      requests = 0
    })
    const account = {
      id: send.account,
      wasender: {
        messages: {
          send: async () => {
            requests += 1
            return (answers.shift() ?? (async () => ({ msgId: 7 as MsgId })))()
          },
        },
      },
    } as unknown as Account
    const turn = (n: 0 | 1) =>
      sendPart(
        account,
        { send, message: { to: '+15550001111', kind: 'text', text: 'Hello' } },
        {
          journal: journals[n],
          pace: { left: async () => {}, hold: async () => {}, learn: async () => {} },
          infoPolls: { schedule: async () => {} },
          limits: { refused: async () => {} },
          clock,
        },
      ).catch((error: unknown) => {
        if (error instanceof WaitUntil) return { state: 'taken' }
        throw error
      })

    it('send it once', async () => {
      const both = await Promise.all(BOTH.map(turn))
      expect(both.map(({ state }) => state).sort()).toEqual(['accepted', 'taken'])
      expect(requests).toBe(1)
      expect(await known()).toMatchObject([{ state: 'accepted', msgId: 7 }])
    })

    it('leave it to the second when the first was not let in', async () => {
      answers.push(async () => {
        throw new TransientError('Later.', { code: 'wasender.unavailable' })
      })
      await expect(turn(0)).rejects.toThrow('Later.')
      expect(await turn(1)).toEqual({ state: 'accepted' })
      expect(requests).toBe(2)
    })
  })
})
