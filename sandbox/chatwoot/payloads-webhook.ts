import { attachmentJson } from './attachments.ts'
import type { Change, Was } from './changes.ts'
import { unreadCount } from './conversations.ts'
import { related, threadOf } from './lookups.ts'
import {
  canReply,
  pushContact,
  pushMessage,
  pushParty,
  thumbnailOf,
  type View,
} from './payloads-push.ts'
import type { World } from './state.ts'
import { floatSeconds, iso, unix } from './times.ts'
import type { Contact, Conversation, Json, Message, PartyRef } from './types.ts'

/**
 * The body of a change's webhook, made from the records as they are now. Undefined when the record is gone or the event
 * does not exist in this version: nothing is sent then (docs/platforms/chatwoot.md#delivery).
 */
export function webhookPayload(world: World, change: Change): Json | undefined {
  switch (change.event) {
    case 'message_created':
    case 'message_updated': {
      const message = world.messages.get(change.messageId)
      return message && messageEvent(world, message, change)
    }
    case 'contact_created':
    case 'contact_updated': {
      const contact = world.contacts.get(change.contactId)
      const changed = 'changed' in change ? { changed_attributes: change.changed } : {}
      return contact && { ...contactData(world, contact), event: change.event, ...changed }
    }
    default: {
      const conversation = world.conversations.get(change.pk)
      return conversation && conversationEvent(world, conversation, change)
    }
  }
}

type ConversationChange = Extract<Change, { pk: number }>
type MessageChange = Extract<Change, { messageId: number }>

function conversationEvent(
  world: World,
  conversation: Conversation,
  change: ConversationChange,
): Json | undefined {
  const data = conversationData(world, conversation, change.was)
  switch (change.event) {
    case 'conversation_created':
      return { ...data, event: change.event }
    case 'conversation_status_changed':
      return { ...data, event: change.event, changed_attributes: null }
    case 'conversation_updated':
      return { ...data, event: change.event, changed_attributes: change.changed }
    default:
      if (!world.has('typingWebhooks')) return undefined
      return {
        event: change.event,
        user: senderRef(world, change.user),
        conversation: data,
        is_private: change.isPrivate,
      }
  }
}

const accountRef = (world: World, id: number): Json => ({
  id,
  name: related(world.accounts, id).name,
})

/** `ContactData`, which has no `type`. */
function contactData(world: World, contact: Contact): Json {
  return {
    account: accountRef(world, contact.accountId),
    additional_attributes: contact.additionalAttributes,
    avatar: thumbnailOf(world, contact),
    custom_attributes: contact.customAttributes,
    email: contact.email,
    id: contact.id,
    identifier: contact.identifier,
    name: contact.name,
    phone_number: contact.phoneNumber,
    thumbnail: thumbnailOf(world, contact),
    blocked: contact.blocked,
  }
}

/** `sender` of a message and `user` of typing events. */
function senderRef(world: World, party: PartyRef): Json {
  switch (party.type) {
    case 'User': {
      const { id, name, email } = related(world.users, party.id)
      return { id, name, email, type: 'user' }
    }
    case 'AgentBot': {
      const { id, name } = related(world.bots, party.id)
      return { id, name, type: 'agent_bot' }
    }
    case 'Contact':
      return contactData(world, related(world.contacts, party.id))
  }
}

/** Content as webhooks show it; the REST API shows it as stored (docs/platforms/chatwoot.md#content). */
export function webhookContent(world: World, content: string | null): string | null {
  const clean = world.has('cleanNewlines') ? content?.replaceAll('\\\n', '\n') : content
  return (world.has('trimmedNewlines') ? clean?.replace(/\n+$/, '') : clean) ?? null
}

function conversationData(world: World, now: Conversation, was: Was = {}): Json {
  const conversation = { ...now, ...was.conversation }
  const view: View = { availability: null, contact: was.contact }
  const inbox = related(world.inboxes, conversation.inboxId)
  const row = related(world.contactInboxes, conversation.contactInboxId)
  const newest = threadOf(world, conversation).findLast(
    (message) => !message.private && message.messageType !== 'activity',
  )
  const { assignee } = conversation
  return {
    additional_attributes: conversation.additionalAttributes,
    can_reply: canReply(world, conversation),
    channel: inbox.channelType,
    contact_inbox: {
      id: row.id,
      contact_id: row.contactId,
      inbox_id: row.inboxId,
      source_id: row.sourceId,
      created_at: iso(row.createdAt),
      updated_at: iso(row.updatedAt),
      hmac_verified: false,
      pubsub_token: row.pubsubToken,
    },
    id: conversation.id,
    inbox_id: conversation.inboxId,
    messages:
      newest === undefined
        ? []
        : [pushMessage(world, newest, webhookContent(world, newest.content), view)],
    labels: conversation.labels,
    meta: {
      sender: pushContact(world, {
        ...related(world.contacts, conversation.contactId),
        ...was.contact,
      }),
      assignee: assignee && pushParty(world, assignee, view),
      ...(world.has('assigneeType') ? { assignee_type: assignee?.type ?? null } : {}),
      team: null,
      hmac_verified: false,
    },
    status: conversation.status,
    custom_attributes: conversation.customAttributes,
    snoozed_until: iso(conversation.snoozedUntil),
    unread_count: unreadCount(world, conversation),
    first_reply_created_at: iso(conversation.firstReplyCreatedAt),
    priority: conversation.priority,
    waiting_since: unix(conversation.waitingSince),
    agent_last_seen_at: unix(conversation.agentLastSeenAt),
    contact_last_seen_at: unix(conversation.contactLastSeenAt),
    last_activity_at: unix(conversation.lastActivityAt),
    timestamp: unix(conversation.lastActivityAt),
    created_at: unix(conversation.createdAt),
    updated_at: floatSeconds(conversation.updatedAt),
    ...(world.has('accountInConversation')
      ? { account: accountRef(world, conversation.accountId) }
      : {}),
  }
}

function messageEvent(world: World, now: Message, { event, was }: MessageChange): Json {
  const message = { ...now, ...was?.message }
  const inbox = related(world.inboxes, message.inboxId)
  const conversation = related(world.conversations, message.conversationPk)
  return {
    account: accountRef(world, message.accountId),
    additional_attributes: message.additionalAttributes,
    content_attributes: message.contentAttributes,
    content_type: message.contentType,
    content: webhookContent(world, message.content),
    conversation: conversationData(world, conversation, was),
    created_at: iso(message.createdAt),
    id: message.id,
    inbox: { id: inbox.id, name: inbox.name },
    message_type: message.messageType,
    private: message.private,
    sender: message.sender && senderRef(world, message.sender),
    source_id: message.sourceId,
    ...(message.attachments.length > 0
      ? { attachments: message.attachments.map((file) => attachmentJson(world, file)) }
      : {}),
    event,
  }
}
