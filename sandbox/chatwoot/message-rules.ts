import { refused } from './errors.ts'
import { related, threadOf } from './lookups.ts'
import { hasNul } from './params.ts'
import type { World } from './state.ts'
import type { Conversation, Inbox, MessageType } from './types.ts'

const MAX_CONTENT = 150_000
const TYPES: readonly string[] = ['incoming', 'outgoing', 'activity', 'template']
const CONTENT_TYPES: readonly string[] = [
  ...['text', 'input_text', 'input_textarea', 'input_email', 'input_select', 'cards', 'form'],
  ...['article', 'incoming_email', 'input_csat', 'integrations', 'sticker', 'voice_call'],
]

/** Refuses what no conversation would take, before one is made for it. Returns the type. */
export function checkMessage(
  world: World,
  inbox: Inbox,
  {
    content,
    messageType = 'outgoing',
    contentType = 'text',
    sourceId,
  }: {
    content: string | null
    messageType?: string | undefined
    contentType?: string | undefined
    sourceId?: string | null | undefined
  },
): MessageType {
  if (!TYPES.includes(messageType)) throw refused(`'${messageType}' is not a valid message_type`)
  if (!CONTENT_TYPES.includes(contentType))
    throw refused(`'${contentType}' is not a valid content_type`)
  if (messageType === 'incoming' && inbox.channelType !== 'Channel::Api')
    throw refused('Incoming messages are only allowed in Api inboxes')
  checkLength('Content', content, MAX_CONTENT)
  checkLength('Source', sourceId, world.has('longSourceIds') ? 20_000 : 255)
  if (hasNul(content, sourceId)) throw refused('string contains null byte')
  return messageType as MessageType
}

function checkLength(label: string, text: string | null | undefined, most: number): void {
  if ((text?.length ?? 0) > most)
    throw refused(`Validation failed: ${label} is too long (maximum is ${most} characters)`)
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
