import { threadOf } from './lookups.ts'
import { IN_ANSWERS, MESSAGE_TYPE_NUMBER, optionalParts } from './payloads-push.ts'
import type { World } from './state.ts'
import { iso, unix } from './times.ts'
import type { Contact, ContactInbox, Conversation, Json, Message } from './types.ts'

/** Shapes of the public API (docs/platforms/chatwoot.md#public-api). */
export const publicContactJson = (contact: Contact, row: ContactInbox): Json => ({
  source_id: row.sourceId,
  pubsub_token: row.pubsubToken,
  id: contact.id,
  name: contact.name,
  email: contact.email,
  phone_number: contact.phoneNumber,
})

export const publicMessageJson = (world: World, message: Message): Json => ({
  id: message.id,
  content: message.content,
  message_type: MESSAGE_TYPE_NUMBER[message.messageType],
  content_type: message.contentType,
  content_attributes: message.contentAttributes,
  created_at: unix(message.createdAt),
  conversation_id: message.conversationId,
  ...optionalParts(world, message, IN_ANSWERS),
})

export function publicConversationJson(
  world: World,
  conversation: Conversation,
  contact: Contact,
): Json {
  const messages = threadOf(world, conversation).filter((message) => !message.private)
  return {
    id: conversation.id,
    uuid: conversation.uuid,
    inbox_id: conversation.inboxId,
    contact_last_seen_at: unix(conversation.contactLastSeenAt),
    status: conversation.status,
    agent_last_seen_at: unix(conversation.agentLastSeenAt),
    messages: messages.map((message) => publicMessageJson(world, message)),
    contact: {
      id: contact.id,
      name: contact.name,
      email: contact.email,
      phone_number: contact.phoneNumber,
      account_id: contact.accountId,
      created_at: iso(contact.createdAt),
      updated_at: iso(contact.updatedAt),
      additional_attributes: contact.additionalAttributes,
      identifier: contact.identifier,
      custom_attributes: contact.customAttributes,
      last_activity_at: iso(contact.lastActivityAt),
      contact_type: contact.phoneNumber || contact.email ? 'lead' : 'visitor',
      middle_name: '',
      last_name: '',
      location: null,
      country_code: null,
      company_id: null,
      blocked: contact.blocked,
      label_list: contact.labels,
    },
  }
}
