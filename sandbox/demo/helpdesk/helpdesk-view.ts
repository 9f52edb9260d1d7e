import { z } from 'zod'
import type { ChatwootStandIn } from '../../chatwoot/stand-in.ts'
import type { Contact, Conversation, Message } from '../../chatwoot/types.ts'
import { operatorIdentifier } from '../operator-thread.ts'

/** A message as the dashboard shows it. */
export type HelpdeskBubble = {
  id: number
  type: Message['messageType']
  contentType: string
  content: string | null
  private: boolean
  status: Message['status']
  /** Why it failed, in words for an agent. */
  error: string | null
  /** Typed on the phone and mirrored. */
  echo: boolean
  deleted: boolean
  /** Message id that is quoted. */
  inReplyTo: number | null
  sender: string
  attachments: { fileType: string; filename: string; url: string; bytes: number }[]
  /** Titles of choices, cards, questions or articles. */
  items: string[]
  /** Milliseconds since 1970. */
  at: number
}

export type HelpdeskConversation = {
  id: number
  name: string
  phone: string | null
  /** With the WhatsApp connection itself, not with a customer. */
  isOperator: boolean
  /** Path of the picture. */
  avatar: string | null
  status: Conversation['status']
  lastActivityAt: number
  messages: HelpdeskBubble[]
}

const SHOWN = 200

/** The agent's list of conversations, the latest first. */
export function helpdeskConversations(chatwoot: ChatwootStandIn): HelpdeskConversation[] {
  const contacts = new Map(chatwoot.contacts().map((contact) => [contact.id, contact]))
  return chatwoot
    .conversations()
    .map((conversation) => {
      const contact = contacts.get(conversation.contactId)
      const name = contact?.name ?? ''
      return {
        id: conversation.id,
        name,
        phone: contact?.phoneNumber ?? null,
        isOperator: contact?.identifier === operatorIdentifier(chatwoot),
        avatar: contact?.avatarBlobId ? `/media/avatar/${contact.avatarBlobId}` : null,
        status: conversation.status,
        lastActivityAt: conversation.lastActivityAt,
        messages: chatwoot
          .messages(conversation.id)
          .slice(-SHOWN)
          .map((message) => bubble(message, senderOf(chatwoot, message, contact))),
      }
    })
    .sort((a, b) => b.lastActivityAt - a.lastActivityAt)
}

function bubble(message: Message, sender: string): HelpdeskBubble {
  const { contentAttributes } = message
  const { external_error: error, in_reply_to: inReplyTo } = contentAttributes
  return {
    id: message.id,
    type: message.messageType,
    contentType: message.contentType,
    content: message.content,
    private: message.private,
    status: message.status,
    error: typeof error === 'string' ? error : null,
    echo: contentAttributes.external_echo === true,
    deleted: contentAttributes.deleted === true,
    inReplyTo: typeof inReplyTo === 'number' ? inReplyTo : null,
    sender,
    attachments: message.attachments.map(({ id, fileType, filename, byteSize: bytes }) => ({
      ...{ fileType, filename, bytes },
      url: `/media/helpdesk/${id}`,
    })),
    items: itemsOf(contentAttributes.items),
    at: message.createdAt,
  }
}

function senderOf(
  chatwoot: ChatwootStandIn,
  { sender }: Message,
  contact: Contact | undefined,
): string {
  if (sender?.type === 'Contact') return contact?.name ?? ''
  if (sender?.type === 'AgentBot') return 'Bot'
  const { user } = chatwoot.agent()
  if (sender?.type === 'User') return sender.id === user.id ? user.availableName : 'the bridge'
  return ''
}

const items = z.array(z.looseObject({ title: z.string().optional(), label: z.string().optional() }))

function itemsOf(value: unknown): string[] {
  const { data = [] } = items.safeParse(value)
  return data.flatMap(({ title, label }) => title ?? label ?? [])
}
