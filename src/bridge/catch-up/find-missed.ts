import type { Clock } from '../../kernel/clock.ts'
import type { AccountId, ConversationId, MessageId } from '../../kernel/ids.ts'
import { isDeleted, type MessageEvent } from '../../platforms/chatwoot/events.ts'
import type { Message } from '../../platforms/chatwoot/shapes/message.ts'
import type { LanePositions } from '../../queue/lane-positions.ts'
import type { Dispatch } from '../../queue/queue.ts'
import { concernsWhatsapp, isOperatorConversation } from '../concerns-whatsapp.ts'
import type { OwnIds } from '../inbound/dedupe.ts'
import { answerId, isWritten } from '../outbound/outbound-failure.ts'
import type { Journal } from '../sends/journal.ts'
import { takeBackFailure } from './missed-changes.ts'
import { type Listed, listedEvent } from './page.ts'

/** What came of looking at them. */
export type Reviewed = {
  /** How many were queued. */
  queued: number
  /** One was left to its webhook, and with it all that come after. */
  isLeft: boolean
  /** Every message up to here is known now. */
  knownTo: MessageId | undefined
  /** The same without the youngest: ids are handed out a moment before a message can be seen. */
  settledTo: MessageId | undefined
}

/** A webhook takes a moment, so does a message between getting its id and being listed. */
const SETTLED_MS = 10_000

/**
 * Queues what agents wrote and the bridge was never told of, as if its webhook had come: messages and commands. Never what
 * was seen to: the bridge's own messages, and what was delivered. What is seconds old may have its webhook on
 * the way, unless it was written before this process was there to take it, or Chatwoot says that it got no answer.
 */
export function createMissed(deps: {
  journal: Journal
  places: Pick<LanePositions, 'isTaken' | 'isTakenAnywhere'>
  ownIds: OwnIds
  dispatch: Dispatch
  clock: Clock
}) {
  const { journal, places, clock } = deps
  const startedAt = clock.now()

  function isUnderWay({ createdAt = 0, status }: Message): boolean {
    return createdAt >= startedAt && status !== 'failed'
  }

  async function isKnown(listed: Listed, message: Message): Promise<boolean> {
    const { id, private: isNote, sourceId } = message
    const { account, lane, conversation } = listed
    if ((await journal.ofMessage(account.id, id)).length > 0) return true
    if (await deps.ownIds.has(account.id, sourceId)) return true
    // Two lanes would work on one message at once, so the one it had before its chat was joined counts as well.
    if (await places.isTaken(lane, id)) return true
    if (await places.isTakenAnywhere(account.id, id)) return true
    // Asked last: a command that is still waiting has no answer yet.
    const isCommand = isNote || isOperatorConversation(account, conversation)
    return isCommand && (await isAnswered(listed, id))
  }

  async function queue({ account, lane }: Listed, event: MessageEvent): Promise<void> {
    await takeBackFailure(account, event)
    const receivedAt = clock.now()
    await deps.dispatch.post([{ lane, order: event.id, receivedAt, event: asCreated(event) }])
  }

  /** `later`: its webhook may still be on its way, so it is left to the next look. */
  async function take(
    listed: Listed,
    message: Message,
    isYoung: boolean,
  ): Promise<'known' | 'queued' | 'later'> {
    const event = missedEvent(listed, message)
    if (event === undefined || (await isKnown(listed, message))) return 'known'
    if (isYoung && isUnderWay(message) && message.id >= (listed.before ?? 0)) return 'later'
    await queue(listed, event)
    return 'queued'
  }

  return async (listed: Listed): Promise<Reviewed> => {
    const youngFrom = clock.now() - SETTLED_MS
    const reviewed: Reviewed = {
      queued: 0,
      isLeft: false,
      knownTo: undefined,
      settledTo: undefined,
    }
    for (const message of listed.messages) {
      const isYoung = (message.createdAt ?? 0) > youngFrom
      const done = await take(listed, message, isYoung)
      if (done === 'later') return { ...reviewed, isLeft: true }
      if (done === 'queued') reviewed.queued += 1
      reviewed.knownTo = message.id
      if (!isYoung) reviewed.settledTo = message.id
    }
    return reviewed
  }
}

/** Most commands leave nothing but their answer, usually a message or two further on. */
async function isAnswered(
  { account, conversation, messages }: Listed,
  about: MessageId,
): Promise<boolean> {
  const sourceId = answerId(about)
  if (messages.some((message) => message.sourceId === sourceId)) return true
  return isWritten(account, { conversation: conversation.id, about, sourceId })
}

/** The event that should have come, for a message or command that nobody has seen to; nothing for all others. */
function missedEvent(listed: Listed, message: Message): MessageEvent | undefined {
  const event = listedEvent(listed, message, 'created')
  const isTaken = message.status === 'delivered' || message.status === 'read'
  const isOld = (message.createdAt ?? 0) < listed.horizon
  const isGone = isTaken || isOld || isDeleted(event)
  return isGone || !concernsWhatsapp(listed.account, event) ? undefined : event
}

/** Without the failure that is taken back. */
function asCreated(event: MessageEvent): MessageEvent {
  const { external_error: _error, ...contentAttributes } = event.contentAttributes
  return { ...event, contentAttributes, status: 'sent' }
}

/**
 * Where webhooks of agents' messages may have been lost and nobody has asked Chatwoot since: everywhere after a start and
 * after an outage, until a sweep or a look before a send has been through. Kept in memory, since a start doubts everything anyway.
 */
export type Gaps = {
  /** Webhooks of the account may have been lost until now. */
  suspect(account: AccountId): void
  /** Whether something of a conversation may be missing. */
  mayBeIn(account: AccountId, conversation: ConversationId): boolean
  /** Taken before Chatwoot is asked: an outage that comes meanwhile leaves its doubt. */
  asOf(account: AccountId): AsOf
  /** All of one conversation is known. */
  filled(account: AccountId, conversation: ConversationId, asOf: AsOf): void
  /** All of all conversations is known, but of these. */
  filledBut(account: AccountId, conversations: Iterable<ConversationId>, asOf: AsOf): void
}

/** How often webhooks may have been lost before. */
export type AsOf = number

type Known = {
  outages: number
  /** Only these are in doubt; `undefined`: all are, but those that were filled. */
  only: Set<ConversationId> | undefined
  filled: Set<ConversationId>
}

/** Of more conversations it is forgotten that they are known; asking again does no harm. */
const REMEMBERED = 10_000

export function createGaps(): Gaps {
  const accounts = new Map<AccountId, Known>()

  function of(account: AccountId): Known {
    const known = accounts.get(account) ?? { outages: 0, only: undefined, filled: new Set() }
    accounts.set(account, known)
    return known
  }

  return {
    suspect(account) {
      const { outages } = of(account)
      accounts.set(account, { outages: outages + 1, only: undefined, filled: new Set() })
    },
    mayBeIn(account, conversation) {
      const { only, filled } = of(account)
      return only === undefined ? !filled.has(conversation) : only.has(conversation)
    },
    asOf: (account) => of(account).outages,
    filled(account, conversation, asOf) {
      const { outages, only, filled } = of(account)
      if (asOf !== outages) return
      if (only !== undefined) only.delete(conversation)
      else if (filled.size < REMEMBERED) filled.add(conversation)
    },
    filledBut(account, conversations, asOf) {
      const { outages } = of(account)
      if (asOf !== outages) return
      accounts.set(account, { outages, only: new Set(conversations), filled: new Set() })
    },
  }
}
