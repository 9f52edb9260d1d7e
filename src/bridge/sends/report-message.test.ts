import { beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import { en } from '../../content/locale/en.ts'
import type { KeyId, MessageId, MsgId } from '../../kernel/ids.ts'
import type { OutboundLink, Store } from '../../state/store/types.ts'
import { createMemoryLinks } from '../testing/memory-links.ts'
import { SAMPLE_SEND } from '../testing/sample-send.ts'
import { createJournal, type Journal } from './journal.ts'
import { createReportMessage } from './report-message.ts'

type Request = {
  status: string
  /** Chatwoot shows it. */
  land: () => void
  answer: () => void
  refuse: (why: Error) => void
}

let store: Pick<Store, 'links'>
let journal: Journal
let link: OutboundLink
/** What Chatwoot was asked to show and has not answered yet. */
let asked: Request[]
/** Everything it came to show. */
let shown: string[]
/** What Chatwoot says that it shows. */
let nowShown: string | undefined
let isSlow: boolean
let forgotten: MessageId[]

function updateStatus(_conversation: unknown, _message: unknown, { status }: { status: string }) {
  return new Promise<void>((answer, refuse) => {
    const land = () => void shown.push(status)
    if (isSlow) return void asked.push({ status, land, answer, refuse })
    land()
    answer()
  })
}

const account = {
  id: SAMPLE_SEND.account,
  texts: en,
  inbox: { supports: async () => true },
  chatwoot: { messages: { updateStatus, get: async () => ({ status: nowShown }) } },
} as unknown as Account

/** One per process. */
function createReport() {
  const forget = async (_account: unknown, message: MessageId) => void forgotten.push(message)
  const ownUpdates = { expect: () => {} }
  const report = createReportMessage({ journal, store, failures: { forget }, ownUpdates })
  return (given: { again?: true } = {}) =>
    report(account, SAMPLE_SEND.conversationId, SAMPLE_SEND.messageId, given)
}

/** The request of this status that waits for its answer. */
async function request(status: string): Promise<Request> {
  await expect.poll(() => asked.map((each) => each.status)).toContain(status)
  return asked.find((each) => each.status === status) as Request
}

const reported = async () => (await journal.ofMessage(account.id, link.messageId))[0]?.reported
const echo = () => journal.note(link, { kind: 'linked', keyId: '3EB0' as KeyId, by: 'echo' })
const deliver = () => journal.note(link, { kind: 'delivered' })
async function doubt() {
  await journal.note(link, { kind: 'unknown' })
  await journal.note(link, { kind: 'doubted', reason: en.failed.mayHaveArrived })
}

beforeEach(async () => {
  store = createMemoryLinks()
  journal = createJournal({ store, clock: { now: () => 1_000 } })
  link = (await journal.begin(SAMPLE_SEND)) as OutboundLink
  asked = []
  shown = []
  isSlow = true
  forgotten = []
})

describe('a failure that proves to be none while Chatwoot is told of it', () => {
  it.each([1, 2])('is taken back, with %i processes', async (processes) => {
    const report = createReport()
    const other = processes === 1 ? report : createReport()
    await doubt()
    const telling = [report()]
    const failure = await request('failed')
    await echo()
    telling.push(other())
    isSlow = false
    failure.land()
    failure.answer()
    await Promise.all(telling)
    expect(shown).toEqual(['failed', 'sent'])
    expect(await reported()).toBe('sent')
    expect(forgotten).toEqual([link.messageId])
  })

  it('does not stay when it came last and its answer first', async () => {
    const [report, other] = [createReport(), createReport()]
    await doubt()
    const telling = [report()]
    const failure = await request('failed')
    await echo()
    await deliver()
    telling.push(other())
    const ticks = await request('delivered')
    isSlow = false
    ticks.land()
    failure.land()
    failure.answer()
    ticks.answer()
    await Promise.all(telling)
    expect(shown.slice(0, 2)).toEqual(['delivered', 'failed'])
    expect(shown.at(-1)).toBe('delivered')
    expect(await reported()).toBe('delivered')
  })
})

it('tells the same to Chatwoot once, and tries again after an error', async () => {
  const report = createReport()
  await report()
  await deliver()
  const telling = report()
  const ticks = await request('delivered')
  const next = report()
  isSlow = false
  ticks.refuse(new Error('away'))
  await expect(telling).rejects.toThrow('away')
  await next
  await report()
  expect(shown).toEqual(['delivered'])
})

describe('what Chatwoot may show less of', () => {
  const accept = () => journal.note(link, { kind: 'accepted', msgId: 7 as MsgId })
  const read = () => journal.note(link, { kind: 'read' })
  beforeEach(() => {
    isSlow = false
  })

  it.each([
    ['failed', accept, 'sent'],
    ['failed', deliver, 'delivered'],
    ['failed', read, 'read'],
    ['sent', deliver, 'delivered'],
    ['sent', read, 'read'],
    ['delivered', read, 'read'],
  ])('is told again: it shows %s', async (status, learn, known) => {
    await learn()
    const report = createReport()
    await report()
    shown = []
    nowShown = status
    await report({ again: true })
    expect(shown).toEqual([known])
    expect(await reported()).toBe(known)
  })

  it.each([
    ['sent', accept],
    ['delivered', deliver],
    ['read', read],
    ['read', deliver],
    [undefined, read],
  ])('is not told again when it shows %s, which is enough', async (status, learn) => {
    await learn()
    const report = createReport()
    await report()
    shown = []
    nowShown = status
    await report({ again: true })
    expect(shown).toEqual([])
  })

  it.each(['failed', 'sent'])('stays as it is when it has failed: it shows %s', async (status) => {
    await journal.note(link, { kind: 'failed', reason: 'No.' })
    const report = createReport()
    await report()
    expect(shown).toEqual(['failed'])
    nowShown = status
    await report({ again: true })
    expect(shown).toEqual(['failed'])
  })
})
