import { beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import { en } from '../../content/locale/en.ts'
import type {
  AccountId,
  ChatId,
  ContactId,
  ConversationId,
  InboxId,
  MessageId,
} from '../../kernel/ids.ts'
import type { Entry, Lane } from '../../queue/entry.ts'
import type { OutboundLink, SendState } from '../../state/store/types.ts'
import { createGiveUp } from '../dead-letters/give-up.ts'
import type { OutEvent } from '../events.ts'
import { createJournal, type Journal } from '../sends/journal.ts'
import { statusOf } from '../sends/report-message.ts'
import { createMemoryLinks } from '../testing/memory-links.ts'
import { queueAgain } from './due.ts'
import { createOutboundFailure, unfinishedPart } from './outbound-failure.ts'
import { sendOf } from './outbound-message.ts'

const account = { id: 'sales' as AccountId, texts: en } as Account
const event: OutEvent = {
  type: 'message',
  action: 'created',
  id: 1204 as MessageId,
  content: 'Hello',
  contentType: 'text',
  contentAttributes: {},
  additionalAttributes: {},
  messageType: 'outgoing',
  private: false,
  sourceId: null,
  sender: null,
  attachments: [],
  conversation: {
    id: 15 as ConversationId,
    inboxId: 3 as InboxId,
    status: 'open',
    sourceId: null,
    contact: { id: 7 as ContactId, name: 'Maria', blocked: false },
    additionalAttributes: {},
    customAttributes: {},
  },
}
const message = { account, event, chat: 'pn:15550001111' as ChatId, of: 3 }
const clock = { now: () => 1_000 }

let journal: Journal
let reports: number
let letters: number
const known = () => journal.ofMessage(account.id, event.id)
const states = async () => (await known()).map(({ part, state }) => [part, state])

beforeEach(() => {
  journal = createJournal({ store: createMemoryLinks(), clock })
  reports = 0
  letters = 0
})

async function begin(part: number): Promise<OutboundLink> {
  const link = await journal.begin(sendOf(message, part, 'f'))
  if (link === undefined) throw new Error('It was begun before')
  return link
}

/** A part whose answer was lost, and of which there was no sign for so long that it counts as failed. */
async function lose(part: number): Promise<OutboundLink> {
  const unknown = await journal.note(await begin(part), { kind: 'unknown' })
  return journal.note(unknown, { kind: 'doubted', reason: 'It may have arrived.' })
}

const deps = () => ({
  journal,
  clock,
  async report() {
    reports += 1
  },
  onResult: () => {},
  dispatch: { post: never, wake: never },
})
const never = () => {
  throw new Error('Nobody is told')
}
const add = async () => {
  letters += 1
}
const holdBack = (after: number) => createOutboundFailure(deps()).holdBack(message, after)

describe('what is held back behind a part that failed', () => {
  it('is all of the rest, so that the message stays failed when that part arrives after all', async () => {
    const lost = await lose(0)
    await holdBack(0)
    await journal.note(lost, { kind: 'delivered' })
    expect(await states()).toEqual([
      [0, 'delivered'],
      [1, 'failed'],
      [2, 'failed'],
    ])
    expect(statusOf(await known(), 'fallback')).toEqual({
      status: 'failed',
      reason: en.failed.restNotSent,
    })
    expect(reports).toBe(1)
  })

  it('is the same after a Retry that failed again', async () => {
    await lose(0)
    await holdBack(0)
    await queueAgain(journal, await known())
    await lose(0)
    await holdBack(0)
    expect((await known()).map(({ state }) => state)).toEqual(['failed', 'failed', 'failed'])
  })

  it('is completed by the next turn when a crash came in between', async () => {
    await lose(0)
    await journal.begin(sendOf(message, 2, ''), 'queued')
    await holdBack(0)
    await holdBack(0)
    expect((await known()).map(({ state }) => state)).toEqual(['failed', 'failed', 'failed'])
    expect(reports).toBe(1)
  })

  it('leaves alone what was sent, and what came before', async () => {
    await journal.note(await begin(0), { kind: 'delivered' })
    await journal.note(await begin(2), { kind: 'read' })
    await holdBack(1)
    expect(await states()).toEqual([
      [0, 'delivered'],
      [2, 'read'],
    ])
    expect(reports).toBe(0)
  })
})

describe('the part a message got stuck at', () => {
  const at = (...parts: [number, SendState][]) =>
    unfinishedPart(parts.map(([part, state]) => ({ part, state }) as OutboundLink))

  it('is the first without a result, also in a gap', () => {
    expect(at()).toBe(0)
    expect(at([0, 'read'], [1, 'unknown'], [2, 'failed'])).toBe(1)
    expect(at([0, 'linked'], [2, 'failed'])).toBe(1)
    expect(at([0, 'linked'], [1, 'failed'])).toBe(2)
  })
})

describe('a message that is given up', () => {
  const giveUp = () =>
    createGiveUp({ ...deps(), accountOf: () => account, failures: { add } as never })(
      { event } as Entry,
      { direction: 'out' } as Lane,
      new Error('For three days.'),
    )

  it('keeps the doubt about a part whose answer was lost: a sign of it still counts', async () => {
    await begin(0)
    await giveUp()
    expect(await known()).toMatchObject([
      { state: 'failed', inDoubt: true, reason: en.failed.mayHaveArrived },
      { state: 'failed', reason: en.failed.restNotSent },
      { state: 'failed', reason: en.failed.restNotSent },
    ])
    expect(await journal.doubtfulIn(account.id, message.chat, 1)).toHaveLength(1)
  })

  it('fails at the part it got stuck at, with what follows', async () => {
    await journal.note(await begin(0), { kind: 'delivered' })
    await giveUp()
    expect((await known()).map(({ state }) => state)).toEqual(['delivered', 'failed', 'failed'])
  })

  it('shows no failure when all of it was sent', async () => {
    for (const part of [0, 1, 2]) await journal.note(await begin(part), { kind: 'delivered' })
    await giveUp()
    expect((await known()).map(({ state }) => state)).toEqual(Array(3).fill('delivered'))
    expect([reports, letters]).toEqual([0, 1])
  })
})
