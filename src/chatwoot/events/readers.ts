import { z } from 'zod'
import { contactSchema } from '../shapes/contact.ts'
import { conversationSchema, newestMessage } from '../shapes/conversation.ts'
import { positiveInteger } from '../shapes/ids.ts'
import { type Attributes, compact, flag, isRecord } from '../shapes/lenient.ts'
import { messageSchema, messageStatus } from '../shapes/message.ts'
import { readSender, withAvailableName } from '../shapes/sender.ts'
import { changes } from './changes.ts'
import type { ContactEvent, ConversationEvent, MessageEvent, TypingEvent } from './types.ts'

/**
 * Reads the body of one kind of event; throws a ZodError when the fields that identify it are
 * missing.
 */
export type Reader = (
  body: Attributes,
) => MessageEvent | ConversationEvent | TypingEvent | ContactEvent

/** Message webhooks name the inbox at top level, so a conversation without one can borrow it. */
const messageEnvelope = z.preprocess(
  (value) => {
    if (!isRecord(value) || !isRecord(value.conversation) || !isRecord(value.inbox)) return value
    const inbox_id = value.conversation.inbox_id ?? value.inbox.id
    return { ...value, conversation: { ...value.conversation, inbox_id } }
  },
  z.object({ conversation: conversationSchema }),
)

export function messageReader(action: MessageEvent['action']): Reader {
  return (body) => {
    const { conversation } = messageEnvelope.parse(body)
    const message = messageSchema.parse(body)
    const newest = newestMessage(body.conversation)
    return {
      ...message,
      type: 'message',
      action,
      conversation,
      conversationId: conversation.id,
      inboxId: conversation.inboxId,
      sender: withAvailableName(message.sender, [newest?.sender, assignee(body.conversation)]),
      ...compact({
        accountId: accountId(body),
        // Absent at top level in every release so far; the newest message may be another one
        // (docs/platforms/chatwoot.md#payloads).
        status:
          message.status ??
          (newest?.id === body.id ? messageStatus.parse(newest?.status) : undefined),
      }),
    }
  }
}

export function conversationReader(action: ConversationEvent['action']): Reader {
  return (body) => ({
    type: 'conversation',
    action,
    conversation: conversationSchema.parse(body),
    changed: changes.parse(body.changed_attributes),
    ...compact({ accountId: accountId(body) }),
  })
}

export function typingReader(on: boolean): Reader {
  return (body) => ({
    type: 'typing',
    on,
    private: flag.parse(body.is_private),
    user: readSender(body.user, false),
    conversation: conversationSchema.parse(body.conversation),
    ...compact({ accountId: accountId(body) }),
  })
}

export function contactReader(action: ContactEvent['action']): Reader {
  return (body) => ({
    type: 'contact',
    action,
    contact: contactSchema.parse(body),
    changed: changes.parse(body.changed_attributes),
    ...compact({ accountId: accountId(body) }),
  })
}

function accountId(body: Attributes): number | undefined {
  const conversation = isRecord(body.conversation) ? body.conversation : {}
  for (const account of [body.account, conversation.account]) {
    const id = positiveInteger.safeParse(isRecord(account) ? account.id : undefined)
    if (id.success) return id.data
  }
  return undefined
}

/**
 * The assigned agent; an assigned bot shares its id range with nobody, so it must not lend its
 * name.
 */
function assignee(conversation: unknown): unknown {
  const meta = isRecord(conversation) && isRecord(conversation.meta) ? conversation.meta : {}
  return (meta.assignee_type ?? 'User') === 'User' ? meta.assignee : undefined
}
