import { beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import { en } from '../../content/locale/en.ts'
import type { KeyId, MessageId, MsgId } from '../../kernel/ids.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import { createMemoryLinks } from '../testing/memory-links.ts'
import { SAMPLE_SEND } from '../testing/sample-send.ts'
import { type AskInfo, createAskInfo } from './ask-info.ts'
import { createJournal, type Journal } from './journal.ts'

const LAST = { asked: 11, isLast: true }
const BEFORE_LAST = { asked: 10, isLast: false }

let now: number
let journal: Journal
let ask: AskInfo
let reports: MessageId[]
let isAnswered: boolean
let status: number | undefined
let told: Map<MsgId, KeyId>
let logged: string | undefined
/** When failures were told that name nothing. */
let unnamed: number[]
let account: Account

beforeEach(() => {
  now = 1_000
  reports = []
  isAnswered = false
  status = undefined
  told = new Map()
  logged = undefined
  unnamed = []
  journal = createJournal({ store: createMemoryLinks(), clock: { now: () => now } })
  account = {
    id: SAMPLE_SEND.account,
    texts: en,
    wasender: { messages: { info: async (msgId: MsgId) => infoOf(msgId) } },
  } as unknown as Account
  let latest = 0
  ask = createAskInfo({
    journal,
    receipts: { linked: async () => {} },
    answers: { after: async () => isAnswered },
    messageLog: { row: async () => ({ status: logged }) as never },
    mistakenEchoes: { confirm: async () => {}, settle: async () => {} },
    infoWatermark: {
      note: async ({ sentAt }) => {
        latest = sentAt
      },
      hasLaterThan: async ({ sentAt }) => latest > sentAt,
    },
    unnamedFailures: {
      after: async ({ sentAt }) => unnamed.find((at) => at >= sentAt)?.toString(),
      settle: async (_account, failure) => {
        unnamed = unnamed.filter((at) => at !== Number(failure))
      },
    },
    report: async (_account, _chat, { id }) => void reports.push(id),
  })
})

function infoOf(msgId: MsgId) {
  const keyId = told.get(msgId)
  return keyId === undefined ? undefined : { keyId, ...(status === undefined ? {} : { status }) }
}

/** Accepted by the gateway, under the number of the message. */
async function send(id: number): Promise<OutboundLink & { msgId: MsgId }> {
  now += 1
  const link = await journal.begin({ ...SAMPLE_SEND, messageId: id as MessageId })
  if (link === undefined) throw new Error('It was begun before')
  const msgId = id as MsgId
  return { ...(await journal.note(link, { kind: 'accepted', msgId })), msgId }
}
const linkOf = async (id: number) => (await journal.ofMessage(account.id, id as MessageId))[0]

/** Sent after it, and `/info` tells its WhatsApp id. */
async function tellOfLater() {
  const { msgId } = await send(2)
  told.set(msgId, '3EB02' as KeyId)
  expect(await ask(account, msgId, { asked: 0, isLast: false })).toBe(true)
}

describe('a send of which /info tells nothing to the end', () => {
  it('counts as unconfirmed when it told of a later one', async () => {
    const { msgId } = await send(1)
    await tellOfLater()
    expect(await ask(account, msgId, BEFORE_LAST)).toBe(false)
    expect(await linkOf(1)).toMatchObject({ state: 'accepted' })
    await ask(account, msgId, LAST)
    expect(await linkOf(1)).toMatchObject({
      state: 'failed',
      inDoubt: true,
      reason: en.failed.mayHaveArrived,
    })
    expect(reports).toEqual([1])
  })

  it('is reported again when the process died in between', async () => {
    const { msgId } = await send(1)
    await tellOfLater()
    await ask(account, msgId, LAST)
    await ask(account, msgId, LAST)
    expect(reports).toEqual([1, 1])
  })

  it.each<[string, () => Promise<unknown>]>([
    ['nothing told of a later one', async () => send(2)],
    [
      'an echo came',
      async () => {
        await tellOfLater()
        const link = (await linkOf(1)) as OutboundLink
        await journal.note(link, { kind: 'linked', keyId: '3EB01' as KeyId, by: 'echo' })
      },
    ],
    [
      'it was deleted',
      async () => {
        await tellOfLater()
        const link = (await linkOf(1)) as OutboundLink
        await journal.note(link, { kind: 'deleted', by: link.messageId })
      },
    ],
    [
      'the message log says that it was sent',
      async () => {
        await tellOfLater()
        account = { ...account, managedSession: {} } as Account
        logged = 'sent'
      },
    ],
  ])('stays as it is when %s', async (_why, happen) => {
    const { msgId } = await send(1)
    await happen()
    expect(await ask(account, msgId, LAST)).toBe(false)
    expect((await linkOf(1))?.state).not.toBe('failed')
    expect(reports).toEqual([])
  })

  it('has failed when the message log says so', async () => {
    account = { ...account, managedSession: {} } as Account
    const { msgId } = await send(1)
    logged = 'failed'
    expect(await ask(account, msgId, BEFORE_LAST)).toBe(true)
    expect(await linkOf(1)).toMatchObject({ state: 'failed', reason: en.failed.notDelivered })
    expect(reports).toEqual([1])
  })
})

describe('a send before a failure that names nothing', () => {
  const nth = (asked: number) => ({ asked, isLast: false })

  it('is taken for it once it has been silent for half a minute, and only one is', async () => {
    const [first, second] = [await send(1), await send(2)]
    unnamed = [now]
    expect(await ask(account, first.msgId, nth(2))).toBe(false)
    expect((await linkOf(1))?.state).toBe('accepted')
    await ask(account, first.msgId, nth(3))
    await ask(account, second.msgId, nth(3))
    const told = { state: 'failed', inDoubt: true, reason: en.failed.mayHaveArrived }
    expect(await linkOf(1)).toMatchObject(told)
    expect(await linkOf(2)).toMatchObject({ state: 'accepted' })
    expect(reports).toEqual([1])
  })

  it('is told of also when the process died right after it was noted', async () => {
    const { msgId } = await send(1)
    const reason = en.failed.mayHaveArrived
    await journal.note((await linkOf(1)) as OutboundLink, { kind: 'unconfirmed', reason })
    await ask(account, msgId, nth(4))
    expect(reports).toEqual([1])
  })

  it('is overdue as ever when the log still has it on its way', async () => {
    account = { ...account, managedSession: {} } as Account
    const { msgId } = await send(1)
    await tellOfLater()
    unnamed = [now]
    logged = 'in_progress'
    expect(await ask(account, msgId, LAST)).toBe(false)
    expect(await linkOf(1)).toMatchObject({ state: 'failed', inDoubt: true })
  })

  it('is cleared when /info knows it after all', async () => {
    const { msgId } = await send(1)
    unnamed = [now]
    await ask(account, msgId, nth(3))
    told.set(msgId, '3EB01' as KeyId)
    expect(await ask(account, msgId, nth(4))).toBe(true)
    expect(await linkOf(1)).toMatchObject({ state: 'linked' })
  })

  it.each<[string, string, boolean]>([
    ['failed', 'failed', true],
    ['sent', 'accepted', false],
    ['in_progress', 'accepted', false],
  ])('is what the message log says at once: %s', async (status, state, isLearned) => {
    account = { ...account, managedSession: {} } as Account
    const { msgId } = await send(1)
    unnamed = [now]
    logged = status
    for (const asked of isLearned ? [0] : [0, 3]) {
      expect(await ask(account, msgId, nth(asked))).toBe(isLearned)
    }
    expect((await linkOf(1))?.state).toBe(state)
    expect(unnamed).toHaveLength(isLearned ? 0 : 1)
  })

  it('is none that was sent after it', async () => {
    unnamed = [now]
    now += 1
    const { msgId } = await send(1)
    await ask(account, msgId, nth(5))
    expect((await linkOf(1))?.state).toBe('accepted')
  })
})

describe('what went to a LID', () => {
  const LAST = { asked: 11, isLast: true }
  const sendToLid = async () => {
    now += 1
    const to = '189975000000001@lid'
    const link = await journal.begin({ ...SAMPLE_SEND, messageId: 1 as MessageId, to })
    if (link === undefined) throw new Error('It was begun before')
    await journal.note(link, { kind: 'accepted', msgId: 1 as MsgId })
    told.set(1 as MsgId, 'KEY' as KeyId)
    return ask(account, 1 as MsgId, { asked: 0, isLast: false })
  }

  it('is asked for once more after a day, and then told to the agent', async () => {
    expect(await sendToLid()).toBe('at the end')
    expect(await linkOf(1)).toMatchObject({ state: 'linked', keyId: 'KEY' })
    expect(await ask(account, 1 as MsgId, LAST)).toBe(true)
    expect(await linkOf(1)).toMatchObject({
      ...{ state: 'failed', inDoubt: true },
      reason: en.failed.unproven,
    })
    expect(reports).toContain(1)
    const link = await linkOf(1)
    if (link === undefined) throw new Error('it is there')
    expect(await journal.note(link, { kind: 'delivered' })).toMatchObject({ state: 'delivered' })
  })

  it('is told also when nothing at all was heard of it', async () => {
    await sendToLid()
    told.clear()
    await ask(account, 1 as MsgId, LAST)
    expect(await linkOf(1)).toMatchObject({ state: 'failed', reason: en.failed.unproven })
  })

  it('has arrived by an answer, a receipt, or what the gateway knows of it', async () => {
    await sendToLid()
    isAnswered = true
    expect(await ask(account, 1 as MsgId, LAST)).toBe(true)
    expect(await linkOf(1)).toMatchObject({ state: 'linked' })
    isAnswered = false
    status = 3
    expect(await ask(account, 1 as MsgId, LAST)).toBe(true)
    expect(await linkOf(1)).toMatchObject({ state: 'delivered' })
    status = undefined
    expect(await ask(account, 1 as MsgId, LAST)).toBe(true)
    expect(await linkOf(1)).toMatchObject({ state: 'delivered' })
  })
})
