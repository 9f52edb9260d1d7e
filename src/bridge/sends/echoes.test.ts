import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type {
  AccountId,
  ChatId,
  ConversationId,
  KeyId,
  MessageId,
  MsgId,
} from '../../kernel/ids.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import { createFileStore } from '../../state/store/file-store.ts'
import type { Store } from '../../state/store/types.ts'
import { type OwnMessage, originOf } from './echoes.ts'
import { createJournal, type Journal } from './journal.ts'

const SALES = 'sales' as AccountId
const MARIA = 'pn:15550001111' as ChatId
const PAUL = 'pn:15550002222' as ChatId
let now = 1_000
const clock = { now: () => now }
let dir: string
let store: Store
let journal: Journal

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'echoes-'))
  store = await createFileStore({ dir })
  journal = createJournal({ store, clock })
})
afterEach(async () => {
  await store.close()
  await rm(dir, { recursive: true, force: true })
})

const send = async (messageId: number, fingerprint: string, chat = MARIA, account = SALES) => {
  const link = await journal.begin({
    account,
    chat,
    conversationId: 1 as ConversationId,
    messageId: messageId as MessageId,
    part: 0,
    fingerprint,
  })
  if (link === undefined) throw new Error('It was begun before')
  return link
}
const doubt = async (link: Awaited<ReturnType<typeof send>>) => {
  const unknown = await journal.note(link, { kind: 'unknown' })
  return journal.note(unknown, { kind: 'doubted', reason: 'It may have arrived.' })
}
const DAY = 86_400_000
const waitUntil = (until: number) => ({ name: 'WaitUntil', until, mayBeWoken: false })
const own = (more: Partial<OwnMessage> = {}): OwnMessage => ({
  account: SALES,
  chat: MARIA,
  keyId: '3EB01' as KeyId,
  fingerprint: 'hello',
  heardAt: now,
  ...more,
})

describe('originOf', () => {
  it('is the phone at once when nothing is on its way', async () => {
    expect(await originOf(journal, clock, own())).toEqual({ from: 'phone' })
  })

  it('is ours when the content is that of an open send, the oldest first', async () => {
    await send(1, 'hello')
    now += 10
    await send(2, 'hello')
    const first = await originOf(journal, clock, own())
    const second = await originOf(journal, clock, own({ keyId: '3EB02' as KeyId }))
    expect(first).toMatchObject({ from: 'ours', link: { messageId: 1, keyId: '3EB01' } })
    expect(second).toMatchObject({ from: 'ours', link: { messageId: 2, keyId: '3EB02' } })
    expect(await originOf(journal, clock, own({ keyId: '3EB03' as KeyId }))).toEqual({
      from: 'phone',
    })
  })

  it('is ours by id, whatever it says', async () => {
    const link = await send(1, 'hello')
    await journal.note(link, { kind: 'accepted', msgId: 7 as MsgId })
    const byMsgId = own({ msgId: 7 as MsgId, fingerprint: 'other' })
    expect(await originOf(journal, clock, byMsgId)).toMatchObject({ from: 'ours' })
    expect(await originOf(journal, clock, own({ fingerprint: 'other' }))).toMatchObject({
      from: 'ours',
    })
  })

  it('waits for other words while a send of the chat is open, but not for ever', async () => {
    const link = await send(1, 'hello')
    const other = own({ fingerprint: 'typed' })
    await expect(originOf(journal, clock, other)).rejects.toMatchObject(waitUntil(now + 500))
    await journal.note(link, { kind: 'accepted', msgId: 7 as MsgId })
    now = other.heardAt + 9_999
    await expect(originOf(journal, clock, other)).rejects.toBeInstanceOf(WaitUntil)
    now = other.heardAt + 10_000
    expect(await originOf(journal, clock, other)).toEqual({ from: 'phone' })
  })

  it('waits half a minute while the answer of a send is out, since it tells the id', async () => {
    await send(1, 'hello')
    const other = own({ fingerprint: 'typed' })
    for (const passed of [10_000, 29_999]) {
      now = other.heardAt + passed
      await expect(originOf(journal, clock, other)).rejects.toMatchObject(waitUntil(now + 500))
    }
    now = other.heardAt + 30_000
    expect(await originOf(journal, clock, other)).toEqual({ from: 'phone' })
  })

  it('waits when the same words are on their way to an address it cannot place', async () => {
    await send(1, 'hello', PAUL)
    const elsewhere = own({ chat: 'lid:1899' as ChatId })
    await expect(originOf(journal, clock, elsewhere)).rejects.toMatchObject(waitUntil(now + 500))
  })

  it('is ours although it was given up as doubtful, for a day and after what is still open', async () => {
    const old = await send(1, 'hello')
    const inDoubt = await doubt(old)
    expect(await originOf(journal, clock, own({ fingerprint: 'other' }))).toEqual({ from: 'phone' })
    now += 1_000
    await send(2, 'hello')
    const newer = await originOf(journal, clock, own())
    expect(newer).toMatchObject({ from: 'ours', link: { messageId: 2 } })
    now = inDoubt.sentAt + DAY - 1
    const late = await originOf(journal, clock, own({ keyId: '3EB02' as KeyId }))
    expect(late).toMatchObject({ from: 'ours', link: { messageId: 1, state: 'linked' } })
  })

  it('is the phone when the doubt is older than a day', async () => {
    const { sentAt } = await doubt(await send(1, 'hello'))
    now = sentAt + DAY
    expect(await originOf(journal, clock, own())).toEqual({ from: 'phone' })
  })

  it('is the phone at once when what was accepted long ago said the same', async () => {
    const { sentAt } = await send(1, 'hello')
    await send(2, 'hello', PAUL)
    for (const link of await journal.openLike(SALES, 'hello', now)) {
      await journal.note(link, { kind: 'accepted', msgId: link.messageId as number as MsgId })
    }
    now = sentAt + DAY
    expect(await originOf(journal, clock, own())).toEqual({ from: 'phone' })
    expect(await originOf(journal, clock, own({ fingerprint: 'typed' }))).toEqual({ from: 'phone' })
  })

  it('is ours when it was heard in time and is looked at days later', async () => {
    await doubt(await send(1, 'bye'))
    await send(2, 'hello')
    const [hello, bye] = [own(), own({ keyId: '3EB02' as KeyId, fingerprint: 'bye' })]
    now += 3 * DAY
    expect(await originOf(journal, clock, hello)).toMatchObject({ link: { messageId: 2 } })
    expect(await originOf(journal, clock, bye)).toMatchObject({ link: { messageId: 1 } })
  })

  it('tells before it takes words for an echo, and not when an id proves it', async () => {
    const dedupe: string[] = []
    const tell = async () => {
      dedupe.push(
        (await journal.openIn(SALES, MARIA, now)).map(({ messageId }) => messageId).join(),
      )
    }
    await send(1, 'hello')
    await originOf(journal, clock, own(), tell)
    await originOf(journal, clock, own(), tell)
    expect(dedupe).toEqual(['1'])
  })

  it('never takes another account’s send for its own', async () => {
    await send(1, 'hello', MARIA, 'support' as AccountId)
    expect(await originOf(journal, clock, own())).toEqual({ from: 'phone' })
  })
})
