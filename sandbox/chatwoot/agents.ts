import type { NewFile } from './blobs.ts'
import { draftContact, ensureContactInbox, saveContact, updateContact } from './contacts.ts'
import { setStatus } from './conversation-status.ts'
import { createConversation, lockedConversation, removeConversation } from './conversations.ts'
import { contactOf, conversationOf, found, inboxOf } from './lookups.ts'
import { retryMessage, softDelete } from './message-status.ts'
import { createMessage } from './messages.ts'
import { mergeContacts, removeContact } from './removal.ts'
import { contactableSource } from './source-ids.ts'
import type { World } from './state.ts'
import type { Contact, Conversation, Json, Message, PartyRef, User } from './types.ts'

export type ReplyOptions = {
  attachments?: NewFile[]
  /** Chatwoot message id to quote. */
  inReplyTo?: number
  private?: boolean
  contentType?: string
  contentAttributes?: Json
  /** Sent by the mobile app or an API client: line breaks stay as they are. */
  plain?: boolean
}

export type StartOptions = {
  inboxId: number
  text: string
  /** Either the contact, or a phone number that is found or becomes a new contact. */
  contactId?: number
  phone?: string
}

/**
 * A person at the dashboard. Acts on the records directly, so nothing of it is counted as an API call or hit by a fault.
 * Answers are copies of the records.
 */
export type Agent = {
  readonly user: User
  reply(conversationId: number, text: string | null, options?: ReplyOptions): Promise<Message>
  deleteMessage(messageId: number): void
  /** The Retry button of a failed message. */
  retry(messageId: number): void
  resolve(conversationId: number): void
  reopen(conversationId: number): void
  snooze(conversationId: number, until?: number): void
  type(conversationId: number, options?: { private?: boolean; status?: 'on' | 'off' }): void
  /** The "new conversation" dialog: its source id is a random UUID unless the contact has one in the inbox. */
  startConversation(options: StartOptions): Promise<Conversation>
  renameContact(contactId: number, name: string): void
  deleteContact(contactId: number): void
  deleteConversation(conversationId: number): void
  mergeContacts(baseId: number, mergeeId: number): void
}

/** Puts a user to work in one account. */
export function createAgent(world: World, accountId: number, user: User): Agent {
  const actor = { type: 'User', user, role: user.roles[accountId] ?? 'agent' } as const
  const author: PartyRef = { type: 'User', id: user.id }
  const at = (id: number) => conversationOf(world, accountId, id)
  const message = (id: number) => found(world.messages.get(id))

  return {
    user,
    reply: async (conversationId, text, options = {}) => {
      const created = await createMessage(world, at(conversationId), {
        content: text === null || options.plain ? text : typed(world, text),
        author,
        private: options.private ?? false,
        contentType: options.contentType,
        contentAttributes: {
          ...options.contentAttributes,
          ...(options.inReplyTo === undefined ? {} : { in_reply_to: options.inReplyTo }),
        },
        attachments: options.attachments ?? [],
      })
      return structuredClone(created)
    },
    deleteMessage: (id) => softDelete(world, message(id)),
    retry: (id) => retryMessage(world, message(id)),
    resolve: (id) => setStatus(world, at(id), actor, 'resolved'),
    reopen: (id) => setStatus(world, at(id), actor, 'open'),
    snooze: (id, until) => setStatus(world, at(id), actor, 'snoozed', until ?? null),
    type: (id, { private: isPrivate = false, status = 'on' } = {}) =>
      world.emit({
        event: `conversation_typing_${status}`,
        pk: at(id).pk,
        user: author,
        isPrivate,
      }),
    startConversation: async (options) =>
      structuredClone(await start(world, accountId, author, options)),
    renameContact: (id, name) => updateContact(world, contactOf(world, accountId, id), { name }),
    deleteContact: (id) => removeContact(world, contactOf(world, accountId, id)),
    deleteConversation: (id) => removeConversation(world, at(id)),
    mergeContacts: (base, mergee) =>
      mergeContacts(world, contactOf(world, accountId, base), contactOf(world, accountId, mergee)),
  }
}

/** Shift+Enter in the rich editor is a backslash and a newline (docs/platforms/chatwoot.md#content). */
function typed(world: World, text: string): string {
  return world.has('richEditor') ? text.replace(/(?<!\n)\n(?!\n)/g, '\\\n') : text
}

async function start(
  world: World,
  accountId: number,
  author: PartyRef,
  { inboxId, text, contactId, phone }: StartOptions,
): Promise<Conversation> {
  const inbox = inboxOf(world, accountId, inboxId)
  const contact =
    contactId === undefined
      ? contactByPhone(world, accountId, phone ?? '')
      : contactOf(world, accountId, contactId)
  const row = ensureContactInbox(world, contact, inbox, contactableSource(world, contact, inbox))
  const conversation =
    lockedConversation(world, row) ??
    createConversation(world, row, { assignee: author, fresh: true })
  await createMessage(world, conversation, { content: typed(world, text), author })
  return conversation
}

function contactByPhone(world: World, accountId: number, phone: string): Contact {
  const known = [...world.contacts.values()].find(
    (contact) => contact.accountId === accountId && contact.phoneNumber === phone,
  )
  return (
    known ?? saveContact(world, draftContact(world, accountId, { name: phone, phoneNumber: phone }))
  )
}
