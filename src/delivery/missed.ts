import type { Account } from '../account.ts'
import { isNotFound } from '../chatwoot/client.ts'
import type { MessageEvent } from '../chatwoot/events.ts'
import { classifyMessageEvent } from '../chatwoot/loop-rule.ts'
import type { ConversationRef } from '../chatwoot/shapes/conversation.ts'
import type { Message } from '../chatwoot/shapes/message.ts'
import type { Clock } from '../clock.ts'
import type { MessageId } from '../ids.ts'
import type { Dispatch } from './dispatch.ts'
import type { Journal } from './journal.ts'
import type { LanePlaces } from './lane-places.ts'
import type { Lane } from './lanes.ts'

/** Messages of a conversation as Chatwoot lists them, oldest first. */
export type Listed = {
  account: Account
  conversation: ConversationRef
  lane: Lane
  messages: readonly Message[]
  /** Nothing written before this moment is sent, ms since 1970. */
  horizon: number
  /** What is older than this message is queued even when its webhook may still be on its way. */
  before?: MessageId
}

/** What came of looking at them. */
export type Reviewed = {
  /** How many were queued. */
  queued: number
  /** Every message up to here is known now. */
  knownTo: MessageId | undefined
  /** The same without the youngest: ids are handed out a moment before a message can be seen. */
  settledTo: MessageId | undefined
}

/** A webhook takes a moment, so does a message between getting its id and being listed. */
const SETTLED_MS = 10_000

/**
 * Queues what agents wrote and the bridge was never told of, as if its webhook had come. Never what somebody else took care
 * of: such messages have a source id or were delivered.
 */
export function createMissed(deps: {
  journal: Journal
  places: Pick<LanePlaces, 'isTaken' | 'isTakenAnywhere'>
  dispatch: () => Dispatch
  clock: Clock
}) {
  const { journal, places, clock } = deps

  async function isKnown({ account, lane }: Listed, { id }: Message): Promise<boolean> {
    if ((await journal.ofMessage(account.id, id)).length > 0) return true
    // Two lanes would work on one message at once, so the one it had before its chat was joined counts as well.
    return (await places.isTaken(lane, id)) || (await places.isTakenAnywhere(account.id, id))
  }

  async function queue({ account, lane }: Listed, event: MessageEvent): Promise<void> {
    // Chatwoot marks what it could not hand over as failed (chatwoot-webhooks.md, section 4); it is being sent now.
    if (event.status === 'failed') await takeBackFailure(account, event)
    const receivedAt = clock.now()
    await deps.dispatch().post([{ lane, order: event.id, receivedAt, event: asCreated(event) }])
  }

  /** `later`: its webhook may still be on its way, so it is left to the next look. */
  async function take(
    listed: Listed,
    message: Message,
    isYoung: boolean,
  ): Promise<'known' | 'queued' | 'later'> {
    const event = missedEvent(listed, message)
    if (event === undefined || (await isKnown(listed, message))) return 'known'
    if (isYoung && message.id >= (listed.before ?? 0)) return 'later'
    await queue(listed, event)
    return 'queued'
  }

  return async (listed: Listed): Promise<Reviewed> => {
    const youngFrom = clock.now() - SETTLED_MS
    const reviewed: Reviewed = { queued: 0, knownTo: undefined, settledTo: undefined }
    for (const message of listed.messages) {
      const isYoung = (message.createdAt ?? 0) > youngFrom
      const done = await take(listed, message, isYoung)
      if (done === 'later') break
      if (done === 'queued') reviewed.queued += 1
      reviewed.knownTo = message.id
      if (!isYoung) reviewed.settledTo = message.id
    }
    return reviewed
  }
}

/** Releases before 4.2 cannot (chatwoot-api.md, section 5.5); the message is sent all the same. */
async function takeBackFailure({ chatwoot }: Account, event: MessageEvent): Promise<void> {
  try {
    await chatwoot.messages.updateStatus(event.conversation.id, event.id, { status: 'sent' })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

/** The event that should have come, for a message that is to be sent; nothing for all others. */
function missedEvent(
  { account, conversation, horizon }: Listed,
  message: Message,
): MessageEvent | undefined {
  const event: MessageEvent = {
    ...message,
    type: 'message',
    action: 'created',
    conversation,
    conversationId: conversation.id,
    inboxId: account.inboxId,
  }
  const isTaken = message.status === 'delivered' || message.status === 'read'
  const isOld = (message.createdAt ?? 0) < horizon
  return isTaken || isOld || classifyMessageEvent(event).action !== 'send' ? undefined : event
}

/** Without the failure that is taken back. */
function asCreated(event: MessageEvent): MessageEvent {
  const { external_error: _error, ...contentAttributes } = event.contentAttributes
  return { ...event, contentAttributes, status: 'sent' }
}
