import { attachmentJson, thumbUrl } from './attachments.ts'
import { unreadCount } from './conversations.ts'
import { related, threadOf } from './lookups.ts'
import type { World } from './state.ts'
import { iso, unix } from './times.ts'
import type { Contact, Conversation, Json, Message, PartyRef, User } from './types.ts'

/** Numbers of message types wherever they are not spelled out. */
export const MESSAGE_TYPE_NUMBER = { incoming: 0, outgoing: 1, activity: 2, template: 3 } as const

export const thumbnailOf = (world: World, contact: Contact): string =>
  contact.avatarBlobId === null ? '' : thumbUrl(world, contact.avatarBlobId)

/** A contact inside a webhook (docs/platforms/chatwoot.md#payloads). */
export function pushContact(world: World, contact: Contact): Json {
  return {
    additional_attributes: contact.additionalAttributes,
    custom_attributes: contact.customAttributes,
    email: contact.email,
    id: contact.id,
    identifier: contact.identifier,
    name: contact.name,
    phone_number: contact.phoneNumber,
    thumbnail: thumbnailOf(world, contact),
    blocked: contact.blocked,
    type: 'contact',
  }
}

/** Who looks at a record: answers know who is at the dashboard, webhooks do not. */
export type View = {
  availability: 'offline' | null
  /** How the contact was, where that is shown. */
  contact?: Partial<Contact> | undefined
}

export const IN_ANSWERS: View = { availability: 'offline' }

/** A user inside a webhook. */
export function pushUser(user: User, { availability }: View): Json {
  return {
    id: user.id,
    name: user.name,
    available_name: user.availableName,
    avatar_url: '',
    type: 'user',
    availability_status: availability,
    thumbnail: '',
  }
}

/** A sender or assignee in push shape. */
export function pushParty(world: World, party: PartyRef, view: View): Json {
  switch (party.type) {
    case 'User':
      return pushUser(related(world.users, party.id), view)
    case 'Contact':
      return pushContact(world, { ...related(world.contacts, party.id), ...view.contact })
    case 'AgentBot': {
      const { id, name } = related(world.bots, party.id)
      return { id, name, avatar_url: '', type: 'agent_bot' }
    }
  }
}

/** `attachments` and `sender`, which are missing rather than empty. */
export function optionalParts(world: World, { attachments, sender }: Message, view: View): Json {
  return {
    ...(attachments.length > 0
      ? { attachments: attachments.map((attachment) => attachmentJson(world, attachment)) }
      : {}),
    ...(sender === null ? {} : { sender: pushParty(world, sender, view) }),
  }
}

/** `PushMessage`: an element of `conversation.messages`. `content` is given because webhooks clean it. */
export function pushMessage(
  world: World,
  message: Message,
  content: string | null,
  view: View,
): Json {
  const conversation = related(world.conversations, message.conversationPk)
  return {
    id: message.id,
    content,
    account_id: message.accountId,
    inbox_id: message.inboxId,
    conversation_id: message.conversationId,
    message_type: MESSAGE_TYPE_NUMBER[message.messageType],
    created_at: unix(message.createdAt),
    updated_at: iso(message.updatedAt),
    private: message.private,
    status: message.status,
    source_id: message.sourceId,
    content_type: message.contentType,
    content_attributes: message.contentAttributes,
    sender_type: message.sender?.type ?? null,
    sender_id: message.sender?.id ?? null,
    external_source_ids: {},
    additional_attributes: message.additionalAttributes,
    processed_message_content: content,
    sentiment: {},
    conversation: {
      assignee_id: conversation.assignee?.type === 'User' ? conversation.assignee.id : null,
      unread_count: unreadCount(world, conversation),
      last_activity_at: unix(conversation.lastActivityAt),
      contact_inbox: {
        source_id: related(world.contactInboxes, conversation.contactInboxId).sourceId,
      },
    },
    ...optionalParts(world, message, view),
  }
}

/** False once the inbox's reply window has closed (docs/platforms/chatwoot.md#reply-window). */
export function canReply(world: World, conversation: Conversation): boolean {
  const inbox = related(world.inboxes, conversation.inboxId)
  const hours = Number(inbox.additionalAttributes.agent_reply_time_window ?? 0)
  if (hours <= 0) return true
  const last = threadOf(world, conversation).findLast((row) => row.messageType === 'incoming')
  return last !== undefined && world.clock.now() - last.createdAt < hours * 3_600_000
}
