import { type AttachmentSource, storeAttachments } from './attachments.ts'
import { refused } from './errors.ts'
import { renderLiquid } from './liquid.ts'
import { related } from './lookups.ts'
import { afterCreate } from './message-effects.ts'
import { checkFlood, checkMessage, liquidVariables } from './message-rules.ts'
import { resolveQuote } from './quotes.ts'
import type { World } from './state.ts'
import type { Attachment, Conversation, Json, Message, MessageType, PartyRef } from './types.ts'

/** A message to be made; `messageType` is checked here because it comes from outside. */
export type NewMessage = {
  content: string | null
  messageType?: string | undefined
  contentType?: string | undefined
  contentAttributes?: Json
  additionalAttributes?: Json
  private?: boolean
  sourceId?: string | null
  /** Author of an outgoing message; null for automations. Every other type is the contact's. */
  author?: PartyRef | null
  attachments?: AttachmentSource[]
  isVoice?: boolean
}

/** Checks, stores and announces a message. Posting the same one twice stores two. */
export async function createMessage(
  world: World,
  conversation: Conversation,
  input: NewMessage,
): Promise<Message> {
  const inbox = related(world.inboxes, conversation.inboxId)
  const messageType = checkMessage(world, inbox, input)
  checkFlood(world, conversation)
  const files = await storeAttachments(
    world,
    conversation.accountId,
    input.attachments ?? [],
    input.isVoice ?? false,
  )
  const message = insertMessage(world, conversation, { ...input, messageType }, files)
  // Old releases store an attachment without a file and can show it to nobody then.
  if (!world.has('laterFields') && files.some(({ blobId }) => blobId === null)) {
    world.broken.add(conversation)
    throw refused("undefined method '[]' for nil")
  }
  return message
}

/** The activity line of a status change and the like: visible, but no webhook. */
export function createActivity(world: World, conversation: Conversation, content: string): Message {
  return insertMessage(world, conversation, { content, messageType: 'activity' })
}

/** Stores and announces a message that is known to be valid. */
export function insertMessage(
  world: World,
  conversation: Conversation,
  input: NewMessage & { messageType: MessageType },
  files: Omit<Attachment, 'messageId'>[] = [],
): Message {
  const id = world.nextId('message')
  const now = world.clock.now()
  const message: Message = {
    id,
    accountId: conversation.accountId,
    inboxId: conversation.inboxId,
    conversationId: conversation.id,
    conversationPk: conversation.pk,
    content: renderedContent(world, conversation, input),
    messageType: input.messageType,
    contentType: input.contentType ?? 'text',
    contentAttributes: resolveQuote(world, conversation, input.contentAttributes ?? {}),
    additionalAttributes: input.additionalAttributes ?? {},
    private: input.private ?? false,
    status: 'sent',
    sourceId: input.sourceId ?? null,
    sender: senderOf(conversation, input),
    attachments: files.map((file) => ({ ...file, messageId: id })),
    createdAt: now,
    updatedAt: now,
  }
  world.messages.set(id, message)
  world.threads.get(conversation.pk)?.push(message)
  for (const next of afterCreate(world, conversation, message))
    insertMessage(world, conversation, next)
  return message
}

const OFTEN_AUTOMATIC: ReadonlySet<MessageType> = new Set(['activity', 'template'])

/**
 * The API makes the contact the sender of every type but outgoing (docs/platforms/chatwoot.md#creating-messages).
 * Activities and templates that Chatwoot makes by itself have neither author nor sender.
 */
function senderOf(
  conversation: Conversation,
  { messageType, author }: NewMessage & { messageType: MessageType },
): PartyRef | null {
  if (messageType === 'outgoing') return author ?? null
  if (OFTEN_AUTOMATIC.has(messageType) && author === undefined) return null
  return { type: 'Contact', id: conversation.contactId }
}

function renderedContent(
  world: World,
  conversation: Conversation,
  { content, messageType, author }: NewMessage & { messageType: MessageType },
): string | null {
  if (content === null || (messageType !== 'outgoing' && messageType !== 'template')) return content
  const agent = author?.type === 'User' ? world.users.get(author.id)?.name : undefined
  return renderLiquid(content, liquidVariables(world, conversation, agent ?? ''))
}
