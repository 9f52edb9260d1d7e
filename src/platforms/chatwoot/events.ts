import { ZodError, z } from 'zod'
import { type Contact, contactSchema } from './shapes/contact.ts'
import {
  type Attributes,
  compact,
  field,
  flag,
  isRecord,
  positiveInteger,
} from './shapes/lenient.ts'
import {
  type ConversationRef,
  conversationSchema,
  type Message,
  messageSchema,
  messageStatus,
  newestMessage,
  readSender,
  type Sender,
  withAvailableName,
} from './shapes/message.ts'

/** What changed, by attribute. Values are as Chatwoot sent them; credentials are left out. */
type Changes = Record<string, { previous: unknown; current: unknown }>

/**
 * Present where the payload names it: conversation and typing events do not before Chatwoot 4.14.2.
 */
type InAccount = { accountId?: number }

/**
 * `id` and all other fields are the event's own, never those of the newest message it also carries.
 */
export type MessageEvent = Message &
  InAccount & {
    type: 'message'
    action: 'created' | 'updated'
    conversation: ConversationRef
  }

export type ConversationEvent = InAccount & {
  type: 'conversation'
  action: 'created' | 'updated' | 'status_changed'
  conversation: ConversationRef
  /** Empty for `created` and `status_changed`, which do not say. */
  changed: Changes
}

export type TypingEvent = InAccount & {
  type: 'typing'
  on: boolean
  /** The agent is writing a private note: the customer must not see it. */
  private: boolean
  user: Sender | null
  conversation: ConversationRef
}

type ContactEvent = InAccount & {
  type: 'contact'
  /** No release of Chatwoot up to 4.16 tells of deletions; automations and other programs may. */
  action: 'created' | 'updated' | 'deleted'
  contact: Contact
  /** Every incoming message changes `last_activity_at`, which is noise. */
  changed: Changes
}

/** Known, and of no interest to the bridge. */
type OtherEvent = { type: 'other'; event: string }

/** Authentic, but nothing the bridge can read: counted and answered 2xx. */
type UnknownEvent = {
  type: 'unknown'
  /** The event's name when it looks like one; safe to log. */
  event?: string
  reason: 'not-an-object' | 'no-event' | 'unknown-event' | 'unreadable'
  /** For `unreadable`: paths of the fields in question, never their values. */
  fields?: string[]
}

export type ChatwootEvent =
  | MessageEvent
  | ConversationEvent
  | TypingEvent
  | ContactEvent
  | OtherEvent
  | UnknownEvent

/**
 * Reads the body of one kind of event; throws a ZodError when the fields that identify it are
 * missing.
 */
type Reader = (body: Attributes) => MessageEvent | ConversationEvent | TypingEvent | ContactEvent

/** Message webhooks name the inbox at top level, so a conversation without one can borrow it. */
const messageEnvelope = z.preprocess(
  (value) => {
    if (!isRecord(value) || !isRecord(value.conversation) || !isRecord(value.inbox)) return value
    const inbox_id = value.conversation.inbox_id ?? value.inbox.id
    return { ...value, conversation: { ...value.conversation, inbox_id } }
  },
  z.object({ conversation: conversationSchema }),
)

function messageReader(action: MessageEvent['action']): Reader {
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

function conversationReader(action: ConversationEvent['action']): Reader {
  return (body) => ({
    type: 'conversation',
    action,
    conversation: conversationSchema.parse(body),
    changed: changes.parse(body.changed_attributes),
    ...compact({ accountId: accountId(body) }),
  })
}

function typingReader(on: boolean): Reader {
  return (body) => ({
    type: 'typing',
    on,
    private: flag.parse(body.is_private),
    user: readSender(body.user, false),
    conversation: conversationSchema.parse(body.conversation),
    ...compact({ accountId: accountId(body) }),
  })
}

function contactReader(action: ContactEvent['action']): Reader {
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

const READERS: ReadonlyMap<string, Reader> = new Map([
  ['message_created', messageReader('created')],
  ['message_updated', messageReader('updated')],
  ['conversation_created', conversationReader('created')],
  ['conversation_updated', conversationReader('updated')],
  ['conversation_status_changed', conversationReader('status_changed')],
  ['conversation_typing_on', typingReader(true)],
  ['conversation_typing_off', typingReader(false)],
  ['contact_created', contactReader('created')],
  ['contact_updated', contactReader('updated')],
  ['contact_deleted', contactReader('deleted')],
])

/**
 * Events of account webhooks, agent bots and macros that the bridge has no use for
 * (docs/platforms/chatwoot.md#kinds-of-webhook).
 */
const IRRELEVANT = new Set([
  'inbox_created',
  'inbox_updated',
  'webwidget_triggered',
  'conversation_opened',
  'conversation_resolved',
  'macro.executed',
])

/** Names of the events that are known, whether the bridge has a use for them or not. */
export const chatwootEventNames: readonly string[] = [...READERS.keys(), ...IRRELEVANT]

/**
 * Reads the JSON of a Chatwoot webhook. Never throws, whatever the body: what cannot be read becomes `unknown`, so that
 * the route can still answer 2xx. Minds the traps of docs/platforms/chatwoot.md#payloads, and copies no credential
 * (`pubsub_token`, an inbox's `secret`).
 */
export function parseChatwootWebhook(body: unknown): ChatwootEvent {
  if (!isRecord(body)) return { type: 'unknown', reason: 'not-an-object' }
  const event = eventName(body.event)
  if (event === undefined) return { type: 'unknown', reason: 'no-event' }
  if (IRRELEVANT.has(event) || event.startsWith('automation_event.'))
    return { type: 'other', event }
  const read = READERS.get(event)
  if (read === undefined) return { type: 'unknown', event, reason: 'unknown-event' }
  try {
    return read(body)
  } catch (error) {
    if (error instanceof ZodError) return unreadable(event, error)
    throw error
  }
}

/** The name ends up in logs and metrics, so it has to look like one. */
function eventName(value: unknown): string | undefined {
  return typeof value === 'string' && /^(?!.*\d{5})[a-z][\w.:-]{0,63}$/i.test(value)
    ? value
    : undefined
}

function unreadable(event: string, error: ZodError): UnknownEvent {
  const fields = error.issues.map((issue) => issue.path.join('.'))
  return { type: 'unknown', event, reason: 'unreadable', fields: [...new Set(fields)] }
}

/** Columns that hold credentials, whichever table they are in (docs/platforms/chatwoot.md#payloads). */
const CREDENTIAL = /token|secret|password/i

/**
 * `changed_attributes`: a list of one-key objects, null, or missing; one object is accepted as
 * well.
 */
const changes = field((value): Changes => {
  const entries = [value].flat().filter(isRecord).flatMap(Object.entries)
  const kept = entries.filter((entry): entry is [string, Record<string, unknown>] => {
    return isRecord(entry[1]) && !CREDENTIAL.test(String(entry[0]))
  })
  return Object.fromEntries(
    kept.map(([name, { previous_value, current_value }]) => [
      name,
      { previous: previous_value, current: current_value },
    ]),
  )
})

/**
 * The flag, never the text, which Chatwoot replaces in the account's language
 * (docs/platforms/chatwoot.md#deletion-and-retry).
 */
export function isDeleted({ contentAttributes }: Pick<MessageEvent, 'contentAttributes'>): boolean {
  return contentAttributes.deleted === true
}
