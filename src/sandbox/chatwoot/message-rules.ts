import { refused } from './errors.ts'
import { related, threadOf } from './lookups.ts'
import { hasNul } from './params.ts'
import type { World } from './state.ts'
import type { Conversation, Inbox, MessageType } from './types.ts'

const MAX_CONTENT = 150_000
const TYPES: readonly string[] = ['incoming', 'outgoing', 'activity', 'template']

/** Refuses what no conversation would take, before one is made for it. Returns the type. */
export function checkMessage(
  inbox: Inbox,
  {
    content,
    messageType = 'outgoing',
    sourceId,
  }: {
    content: string | null
    messageType?: string | undefined
    sourceId?: string | null | undefined
  },
): MessageType {
  if (!TYPES.includes(messageType)) throw refused(`'${messageType}' is not a valid message_type`)
  if (messageType === 'incoming' && inbox.channelType !== 'Channel::Api')
    throw refused('Incoming messages are only allowed in Api inboxes')
  if ((content?.length ?? 0) > MAX_CONTENT)
    throw refused(`Validation failed: Content is too long (maximum is ${MAX_CONTENT} characters)`)
  if (hasNul(content, sourceId)) throw refused('string contains null byte')
  return messageType as MessageType
}

/** At most so many messages of any type per conversation and minute (docs/platforms/chatwoot.md#rate-limits). */
export function checkFlood(world: World, conversation: Conversation): void {
  const oldest = threadOf(world, conversation).at(-world.messagesPerMinute)
  if (oldest !== undefined && oldest.createdAt > world.clock.now() - 60_000)
    throw refused('Validation failed: Too many messages')
}

/** Values of the Liquid variables that a text of this conversation may name. */
export function liquidVariables(world: World, conversation: Conversation, agentName: string) {
  const contact = related(world.contacts, conversation.contactId)
  return {
    'contact.name': contact.name,
    'contact.first_name': contact.name.split(' ')[0] ?? '',
    'contact.email': contact.email,
    'contact.phone_number': contact.phoneNumber,
    'conversation.display_id': String(conversation.id),
    'agent.name': agentName,
    'agent.first_name': agentName.split(' ')[0] ?? '',
    'inbox.name': related(world.inboxes, conversation.inboxId).name,
    'account.name': related(world.accounts, conversation.accountId).name,
  }
}
