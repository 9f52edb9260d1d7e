import { z } from 'zod'
import { LIMIT_CODES } from '../accounts/limits.ts'
import type { ConversationEvent } from '../platforms/chatwoot/events.ts'
import type { ContactDeletedEvent, OutEvent, StatusLaneEvent } from './events.ts'
import type { DeferredEvent, InEvent } from './inbound/inbound-events.ts'
import type { OperatorNews } from './operator-news.ts'

/**
 * What waits in Redis or on disk was written by this release or an earlier one, or is damaged. It is looked at as far as
 * the bridge relies on it; whatever else stands there is kept as it is.
 */

const time = z.number().optional()
const json = z.record(z.string(), z.unknown())
const kind = <K extends string>(...kinds: K[]) => z.looseObject({ kind: z.enum(kinds) })

const address = z.union([
  z.looseObject({ kind: z.literal('phone'), digits: z.string() }),
  z.looseObject({ kind: z.enum(['lid', 'group', 'newsletter', 'broadcast']), id: z.string() }),
  kind('status'),
])
/** Of a person: what is known of them. */
export const storedWho = z.looseObject({
  address,
  phone: z.string().optional(),
  lid: z.string().optional(),
})
const waKey = z.looseObject({
  id: z.string(),
  fromMe: z.boolean(),
  chat: address,
  participant: address.optional(),
  raw: z.looseObject({ id: z.string(), remoteJid: z.string(), fromMe: z.boolean() }),
})

const messageContent = { key: waKey, message: json.optional(), at: time }
const status = z.number().int().min(0).max(5)

const message = z.looseObject({ type: z.literal('message'), via: z.string(), ...messageContent })
const contacts = z.looseObject({ type: z.literal('contacts'), contact: storedWho })

const SHOWN = {
  message,
  sent: z.looseObject({ type: z.literal('sent'), ...messageContent }),
  edited: z.looseObject({ type: z.literal('edited'), key: waKey, message: json, at: time }),
  revoked: z.looseObject({ type: z.literal('revoked'), key: waKey }),
  reaction: z.looseObject({ type: z.literal('reaction'), target: waKey, text: z.string() }),
  'poll-result': z.looseObject({
    type: z.literal('poll-result'),
    key: waKey,
    options: z.array(z.looseObject({ name: z.string(), votes: z.number() })),
  }),
  call: z.looseObject({
    type: z.literal('call'),
    id: z.string(),
    caller: storedWho,
    status: z.string(),
  }),
  participants: z.looseObject({
    type: z.literal('participants'),
    group: address,
    action: z.string(),
    members: z.array(storedWho),
  }),
  groups: z.looseObject({ type: z.literal('groups'), action: z.string(), group: address }),
} as const

const shown = z.discriminatedUnion('type', [
  SHOWN.message,
  SHOWN.sent,
  SHOWN.edited,
  SHOWN.revoked,
  SHOWN.reaction,
  SHOWN['poll-result'],
  SHOWN.call,
  SHOWN.participants,
  SHOWN.groups,
])

const LATER: { [F in DeferredEvent['for']]: z.ZodType } = {
  target: z.looseObject({ target: z.string(), until: z.number(), event: shown }),
  twin: z.looseObject({ parent: z.string(), until: z.number(), event: shown }),
  votes: z.looseObject({ event: shown }),
  edit: z.looseObject({ event: shown }),
  content: z.looseObject({ event: message }),
}

/** A type that is forgotten here does not compile. */
type Shapes<Event extends { type: string }> = { [T in Event['type']]: z.ZodType }

const IN: Shapes<InEvent> = {
  ...SHOWN,
  orphan: z.looseObject({ event: shown }),
  undecrypted: z.looseObject({ event: message }),
  seen: z.looseObject({ who: storedWho, keyId: z.string().optional() }),
  contacts,
  profile: z.looseObject({ chat: z.string(), name: z.string().optional() }),
  later: oneOf('for', LATER),
}

const conversation = z.looseObject({
  id: z.number(),
  inboxId: z.number(),
  contact: z.looseObject({ id: z.number() }),
  additionalAttributes: json,
  customAttributes: json,
})

const OUT: Shapes<OutEvent> = {
  message: z.looseObject({
    id: z.number(),
    action: z.enum(['created', 'updated']),
    content: z.string().nullable(),
    contentType: z.string(),
    contentAttributes: json,
    messageType: z.string(),
    private: z.boolean(),
    sourceId: z.string().nullable(),
    attachments: z.array(json),
    createdAt: time,
    conversation,
  }),
}

const NEWS: { [Is in OperatorNews['is']]: z.ZodType } = {
  heard: z.looseObject({ status: z.string() }),
  session: z.looseObject({ status: z.string(), at: z.number() }),
  qr: z.looseObject({ at: z.number() }),
  'qr-over': z.looseObject({}),
  backlog: z.looseObject({ direction: z.string(), since: z.number(), count: z.number() }),
  'backlog-over': z.looseObject({ direction: z.string(), since: z.number() }),
  failures: z.looseObject({ count: z.number(), newest: z.string(), reason: z.string() }),
  limit: z.looseObject({ code: z.enum(LIMIT_CODES), since: z.number() }),
  'limit-over': z.looseObject({ code: z.enum(LIMIT_CODES), since: z.number() }),
  'redis-lost': z.looseObject({
    id: z.string(),
    what: z.enum(['all', 'some']),
    remembers: z.enum(['file', 'redis']),
    at: z.number(),
  }),
  needed: z.looseObject({ code: z.string(), reason: z.string(), at: z.number() }),
}

const STATUS: Shapes<StatusLaneEvent> = {
  status: z.looseObject({ key: waKey, status }),
  receipt: z.looseObject({ key: waKey, status }),
  'send-failed': z.looseObject({
    to: address.optional(),
    key: waKey.optional(),
    reason: z.string(),
  }),
  report: z.looseObject({
    conversationId: z.number(),
    messageId: z.number(),
    again: z.literal(true).optional(),
  }),
  waiting: z.looseObject({
    is: z.enum(['down', 'back']),
    since: z.number(),
    conversationId: z.number(),
    messageId: z.number(),
  }),
  'not-shown': z.looseObject({
    who: storedWho.optional(),
    chat: z.string().optional(),
    at: z.number(),
    entryId: z.string(),
  }),
  operator: z.looseObject({ news: oneOf('is', NEWS) }),
  'mark-read': z.looseObject({ chat: z.string() }),
}

const CONVERSATION = z.looseObject({
  type: z.literal('conversation'),
  action: z.string(),
  conversation: z.looseObject({ id: z.number(), inboxId: z.number(), status: z.string() }),
})

/** The shape that a word in one of its fields calls for. */
function oneOf(field: string, shapes: Readonly<Record<string, z.ZodType>>): z.ZodType {
  return z.looseObject({ [field]: z.string() }).refine((value) => {
    const name = String(value[field])
    return Object.hasOwn(shapes, name) && shapes[name]?.safeParse(value).success === true
  })
}

const inSchema = oneOf('type', IN)
const outSchema = oneOf('type', OUT)
const statusSchema = oneOf('type', STATUS)

/** What waited in an `in` lane; `undefined` when it is nothing this release knows. */
export const readInEvent = (value: unknown) => read<InEvent>(inSchema, value)
/** The same of an `out` lane. */
export const readOutEvent = (value: unknown) => read<OutEvent>(outSchema, value)
/** The same of a `status` lane. */
export const readStatusEvent = (value: unknown) => read<StatusLaneEvent>(statusSchema, value)
/** A change of a conversation, which is stored in the spool only. */
export const readConversationEvent = (value: unknown) =>
  read<ConversationEvent>(CONVERSATION, value)

const CONTACT_DELETED = z.looseObject({
  type: z.literal('contact'),
  action: z.literal('deleted'),
  contact: z.looseObject({ id: z.number() }),
})

/** A contact that was deleted, which is stored in the spool only. */
export const readContactDeleted = (value: unknown) =>
  read<ContactDeletedEvent>(CONTACT_DELETED, value)

function read<Event>(schema: z.ZodType, value: unknown): Event | undefined {
  // The schemas name the fields; that they hold what the types say is what whoever wrote them has seen to.
  return schema.safeParse(value).success ? (value as Event) : undefined
}
