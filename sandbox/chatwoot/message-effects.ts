import type { Was } from './changes.ts'
import { changeContact } from './contacts.ts'
import { changeConversation } from './conversations.ts'
import { related, threadOf } from './lookups.ts'
import type { World } from './state.ts'
import type { Conversation, Message } from './types.ts'

/** A message Chatwoot itself adds because of another one. */
export type FollowUp = {
  messageType: 'activity' | 'template'
  content: string
}

const REOPENED = 'System reopened the conversation due to a new incoming message.'

/**
 * Announces a new message, changes what it changes and says what has to be added after it
 * (docs/platforms/chatwoot.md#which-action-sends-what).
 */
export function afterCreate(
  world: World,
  conversation: Conversation,
  message: Message,
): FollowUp[] {
  // The conversation is touched without a webhook: `updated_within` sees it, `conversation_updated` does not.
  conversation.lastActivityAt = message.createdAt
  conversation.updatedAt = message.createdAt
  if (message.messageType === 'activity') {
    world.signal.ring()
    return []
  }
  const was = beforeFirstReply(conversation, message)
  world.emit({ event: 'message_created', messageId: message.id, ...(was && { was }) })
  const hasSound = message.attachments.some(({ fileType }) => fileType === 'audio')
  if (hasSound && world.has('audioUpdate'))
    world.emit({ event: 'message_updated', messageId: message.id })
  if (message.messageType === 'incoming') return afterIncoming(world, conversation, message)
  afterReply(world, conversation, message)
  return []
}

function afterIncoming(world: World, conversation: Conversation, message: Message): FollowUp[] {
  const contact = related(world.contacts, conversation.contactId)
  const closed = conversation.status === 'resolved' || conversation.status === 'snoozed'
  const reopened = closed && !contact.blocked ? [reopen(world, conversation)] : []
  if (conversation.waitingSince === null)
    changeConversation(world, conversation, { waitingSince: message.createdAt })
  changeContact(world, contact, { lastActivityAt: message.createdAt })
  return [...reopened, ...greeting(world, conversation)]
}

/** What a customer message does to a closed conversation (docs/platforms/chatwoot.md#reopening). */
function reopen(world: World, conversation: Conversation): FollowUp {
  const { agentBotId } = related(world.inboxes, conversation.inboxId)
  const status = agentBotId === null ? 'open' : 'pending'
  const { waitingSince } = conversation
  const was = { conversation: { waitingSince } }
  changeConversation(world, conversation, { status, snoozedUntil: null }, was)
  return {
    messageType: 'activity',
    content: REOPENED,
  }
}

/** Not where somebody wrote to the customer first. */
function greeting(world: World, conversation: Conversation): FollowUp[] {
  const { settings } = related(world.inboxes, conversation.inboxId)
  if (!settings.greeting_enabled || settings.greeting_message === null) return []
  const spoken = threadOf(world, conversation).filter(
    (row) => row.messageType === 'incoming' || row.messageType === 'outgoing',
  )
  if (spoken.length !== 1) return []
  return [{ messageType: 'template', content: settings.greeting_message }]
}

const isReply = (message: Message): boolean =>
  !message.private && message.messageType === 'outgoing' && message.sender !== null

/** The first answer of a person is told of before it counts as one. */
function beforeFirstReply(conversation: Conversation, message: Message): Was | undefined {
  const { firstReplyCreatedAt, waitingSince } = conversation
  if (!isReply(message) || message.sender?.type !== 'User' || firstReplyCreatedAt !== null)
    return undefined
  return { conversation: { firstReplyCreatedAt, waitingSince } }
}

/** A public reply by a person or a bot stops the waiting clock; a template or an automation does not. */
function afterReply(world: World, conversation: Conversation, message: Message): void {
  if (!isReply(message)) return
  const byPerson = message.sender?.type === 'User'
  changeConversation(world, conversation, {
    waitingSince: null,
    ...(byPerson && conversation.firstReplyCreatedAt === null
      ? { firstReplyCreatedAt: message.createdAt }
      : {}),
  })
}
