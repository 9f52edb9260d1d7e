import type { MessageEvent } from '../../chatwoot/events.ts'
import type { Message } from '../../chatwoot/shapes/message.ts'
import type { Clock } from '../../clock.ts'
import type { MessageId } from '../../ids.ts'
import { isOperatorConversation } from '../../session/operator/operator-address.ts'
import type { Dispatch } from '../dispatch.ts'
import type { OwnIds } from '../inbound/own-ids.ts'
import { concernsWhatsapp } from '../intake/concerns-whatsapp.ts'
import type { LanePlaces } from '../lanes/lane-places.ts'
import { answerId, isWritten } from '../outbound/agent-note.ts'
import { isDeleted } from '../outbound/due.ts'
import type { Journal } from '../outcome/journal.ts'
import { type Listed, listedEvent } from './listed.ts'
import { takeBackFailure } from './take-back-failure.ts'

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
  places: Pick<LanePlaces, 'isTaken' | 'isTakenAnywhere'>
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
