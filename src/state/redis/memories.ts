import { z } from 'zod'
import type { MediaRef } from '../../content/message/canonical.ts'
import type { KnownTelling } from '../../content/message/inbound/telling.ts'
import { asId, type KeyId, type MessageId } from '../../kernel/ids.ts'
import type { MessageKey } from '../../platforms/wasender/messages.ts'
import type { RedisKey } from './keys.ts'
import { jsonValue, type MemoryKind, numberValue, textValue } from './memory.ts'

/** One row, with the types of what it says. */
const memory = <Key extends RedisKey, Value, KeepFor extends number | 'as told' | 'for ever'>(
  kind: MemoryKind<Key, Value> & { keepForMs: KeepFor },
) => kind

const SECOND = 1_000
const HOUR = 3_600 * SECOND
const DAY = 24 * HOUR

/** Longer than anything is retried. */
const LONGER_THAN_RETRIES = 8 * DAY

const keyId = z.string().transform((id) => asId<KeyId>(id))
const messageId = z.number().transform((id) => asId<MessageId>(id))

const knownTellings = z.object({
  known: z.array(
    z.object({
      id: keyId,
      said: z.string(),
      fromMe: z.boolean().optional(),
      ownId: keyId.optional(),
      clock: z.number().optional(),
      at: z.number(),
      heardAt: z.number(),
      isToldBare: z.boolean().optional(),
      toldAt: z.number().optional(),
    }),
  ),
})

/** `waiting`: the child came before its parent. `alone`: no parent came, so it was shown. `used`: the parent has its file. */
export type TwinChild = { state: 'waiting' | 'alone' | 'used'; id: KeyId; media: MediaRef }

const twinChild = z.object({
  state: z.enum(['waiting', 'alone', 'used']),
  id: keyId,
  media: z.looseObject({ node: z.string(), raw: z.record(z.string(), z.unknown()) }),
})

/** As WasenderAPI's webhook named the message. */
const messageKey = z.looseObject({ id: z.string(), remoteJid: z.string(), fromMe: z.boolean() })

const guess = z.object({
  entryId: z.string(),
  link: z.object({ messageId, part: z.number(), sentAt: z.number() }).optional(),
})

const limit = z.object({
  since: z.number(),
  lastAt: z.number(),
  /** Digests: a chat's name may be a number. */
  chats: z.array(z.string()),
})

/** An own message that was taken for an echo, as it waited in its lane; whoever keeps it knows more of its shape. */
const takenForEcho = z.object({ receivedAt: z.number() })

/** All of them, with what `contacts forget` has to know to find those of a person. */
export const MEMORIES = {
  /** Which entry brings a message into Chatwoot, and into which conversation. After that the link tells a duplicate. */
  claims: memory({
    key: 'claim',
    about: 'claims of messages',
    keepForMs: LONGER_THAN_RETRIES,
    personIn: 'nowhere',
    value: textValue,
  }),
  tellings: memory({
    key: 'telling',
    about: 'what was told of messages',
    keepForMs: LONGER_THAN_RETRIES,
    personIn: 'key',
    value: jsonValue<{ known: readonly KnownTelling[] }>(1, knownTellings),
  }),
  /** The better files of messages that have come, by the message each belongs to. */
  twins: memory({
    key: 'twin',
    about: 'better files of pictures',
    keepForMs: LONGER_THAN_RETRIES,
    personIn: 'message',
    value: jsonValue<TwinChild>(1, twinChild),
  }),
  /** A list of values. */
  unread: memory({
    key: 'unread',
    about: 'unread messages',
    keepForMs: 30 * DAY,
    personIn: 'key',
    value: jsonValue<MessageKey>(1, messageKey),
  }),
  /** By its key the lane a conversation's messages were last put into. Half of the time is longer than anything waits. */
  lastLanes: memory({
    key: 'lastLane',
    about: 'lanes of conversations',
    keepForMs: 60 * DAY,
    personIn: 'value',
    value: textValue,
  }),
  /** The platform is asked again long before, since somebody may switch the protection. */
  spacings: memory({
    key: 'paceSpacing',
    about: 'distances between sends',
    keepForMs: DAY,
    personIn: 'nowhere',
    value: numberValue,
  }),
  earlyReceipts: memory({
    key: 'earlyReceipt',
    about: 'receipts of messages without an id',
    keepForMs: HOUR / 4,
    personIn: 'nowhere',
    value: textValue,
  }),
  /** Kept a little longer than `/info` is asked. */
  takenForEchoes: memory({
    key: 'takenForEcho',
    about: 'messages taken for echoes',
    keepForMs: 25 * HOUR,
    personIn: 'value',
    value: jsonValue<z.output<typeof takenForEcho>>(1, takenForEcho),
  }),
  /** When somebody was last heard under a LID. Kept a little longer than a send waits for its proof. */
  answers: memory({
    key: 'answered',
    about: 'answers of customers',
    keepForMs: 3 * DAY,
    personIn: 'key',
    value: numberValue,
  }),
  failureGuesses: memory({
    key: 'failureGuess',
    about: 'guesses about failures',
    keepForMs: LONGER_THAN_RETRIES,
    personIn: 'nowhere',
    value: jsonValue<z.output<typeof guess>>(1, guess),
  }),
  /** Up to which send `/info` has told ids, by when it left. */
  infoWatermark: memory({
    key: 'infoWatermark',
    about: 'answers of WasenderAPI about sends',
    keepForMs: 'for ever',
    personIn: 'nowhere',
    value: numberValue,
  }),
  /** Up to which message of an agent a conversation is known. */
  covered: memory({
    key: 'covered',
    about: 'how far conversations are known',
    keepForMs: 'as told',
    personIn: 'nowhere',
    value: numberValue,
  }),
  /** When the last complete sweep of an account began. */
  swept: memory({
    key: 'swept',
    about: 'sweeps for missed messages',
    keepForMs: 'for ever',
    personIn: 'nowhere',
    value: numberValue,
  }),
  /** Since when a session is down. */
  sessionDown: memory({
    key: 'sessionDown',
    about: 'sessions that are down',
    keepForMs: 'for ever',
    personIn: 'nowhere',
    value: numberValue,
  }),
  /** The last outage was over not long ago. */
  sessionRecent: memory({
    key: 'sessionRecent',
    about: 'sessions that were down',
    keepForMs: 'as told',
    personIn: 'nowhere',
    value: textValue,
  }),
  sessionAsked: memory({
    key: 'sessionAsked',
    about: 'questions about sessions',
    keepForMs: 'as told',
    personIn: 'nowhere',
    value: textValue,
  }),
  /** Limits of WhatsApp that an account has met. */
  limits: memory({
    key: 'limit',
    about: 'limits of WhatsApp',
    keepForMs: DAY,
    personIn: 'nowhere',
    value: jsonValue<z.output<typeof limit>>(1, limit),
  }),
  throttle: memory({
    key: 'throttle',
    about: 'what is done rarely',
    keepForMs: 'as told',
    personIn: 'key',
    value: textValue,
  }),
  /** There while a lane is to be looked at now. Longer than any turn. */
  lookNow: memory({
    key: 'lookNow',
    about: 'lanes to look at',
    keepForMs: HOUR / 2,
    personIn: 'key',
    value: textValue,
  }),
  /** Longer than Redis may be slow, shorter than another process needs to take over a lane. */
  living: memory({
    key: 'living',
    about: 'processes',
    keepForMs: 15 * SECOND,
    personIn: 'nowhere',
    value: textValue,
  }),
  /** Which search for chats without a number was made. */
  openLidsFound: memory({
    key: 'openLidsFound',
    about: 'the search for missing numbers',
    keepForMs: 'for ever',
    personIn: 'nowhere',
    value: textValue,
  }),
  signedOut: memory({
    key: 'signedOut',
    about: 'sign-ins that were ended',
    keepForMs: 'as told',
    personIn: 'nowhere',
    value: textValue,
  }),
}
