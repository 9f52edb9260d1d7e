import type { Account } from '../../account.ts'
import type { MessageEvent } from '../../chatwoot/events.ts'
import type { ConversationRef } from '../../chatwoot/shapes/conversation.ts'
import type { Message } from '../../chatwoot/shapes/message.ts'
import type { MessageId } from '../../ids.ts'
import type { Lane } from '../lanes/lanes.ts'

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

/** The event that should have told of a message. */
export function listedEvent(
  { account, conversation }: Pick<Listed, 'account' | 'conversation'>,
  message: Message,
  action: MessageEvent['action'],
): MessageEvent {
  return {
    ...message,
    type: 'message',
    action,
    conversation,
    conversationId: conversation.id,
    inboxId: account.inboxId,
  }
}
