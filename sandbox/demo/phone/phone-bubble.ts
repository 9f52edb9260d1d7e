import type { PhoneMessage } from '../../wasender/phones.ts'
import type { DemoStage } from '../stage.ts'
import type { PhoneContent } from './phone-content.ts'

/** How far a message has come, as its author's phone shows it. */
export type Tick = 'sent' | 'delivered' | 'read'

/** A message on the phones of a chat: what WhatsApp shows of it, whatever its kind. */
export type PhoneBubble = Pick<
  PhoneMessage,
  'keyId' | 'kind' | 'text' | 'quoted' | 'at' | 'editedAt' | 'deletedAt' | 'typed'
> &
  Pick<PhoneContent, 'location' | 'contacts' | 'card'> & {
    /** Digits of who wrote it; `business` is us. */
    author: string
    tick: Tick
    media?: { mimetype: string; fileName: string; url: string }
    /** With the digits of the voters. */
    poll?: {
      question: string
      isMultiple: boolean
      /** Whether it can be voted in: the stand-in counts votes in polls of its API only. */
      isOpen: boolean
      options: { name: string; voters: string[] }[]
    }
    reactions: { author: string; emoji: string }[]
  }

/** A message and who wrote it: digits, or `business`. */
export type Written = { message: PhoneMessage; author: string; content: PhoneContent }

/** A message of a chat. `all` holds what else is in it, reactions among it. */
export function bubbleOf(
  stage: DemoStage,
  { message, author, content }: Written,
  all: readonly Written[],
  arrived: ReadonlySet<string>,
): PhoneBubble {
  const { keyId, kind, text, quoted, at, editedAt, deletedAt, typed } = message
  const { location, contacts, card, media, poll } = content
  return {
    ...{ keyId, kind, text, quoted, at, editedAt, deletedAt, typed, author },
    tick: tickOf(stage, message, arrived),
    reactions: reactionsTo(keyId, all),
    ...(location === undefined ? {} : { location }),
    ...(contacts === undefined ? {} : { contacts }),
    ...(card === undefined ? {} : { card }),
    ...(media === undefined ? {} : { media: fileOf(message, media) }),
    ...(poll === undefined ? {} : { poll: tallyOf(stage, message, poll) }),
  }
}

/** Somebody's latest reaction counts; an empty one takes it back. */
function reactionsTo(keyId: string, all: readonly Written[]): PhoneBubble['reactions'] {
  const latest = new Map<string, string>()
  for (const { author, content } of all) {
    if (content.reaction?.target === keyId) latest.set(author, content.reaction.emoji)
  }
  return [...latest]
    .filter(([, emoji]) => emoji !== '')
    .map(([author, emoji]) => ({ author, emoji }))
}

function fileOf(
  { keyId, kind }: PhoneMessage,
  { mimetype, fileName = kind }: NonNullable<PhoneContent['media']>,
) {
  return { mimetype, fileName, url: `/media/phone/${encodeURIComponent(keyId)}` }
}

function tallyOf(
  { votes }: DemoStage,
  { keyId, poll: ours }: PhoneMessage,
  { question, options, isMultiple }: NonNullable<PhoneContent['poll']>,
) {
  return {
    question,
    isMultiple,
    isOpen: ours !== undefined,
    options: options.map((name) => ({ name, voters: votes.of(keyId, name) })),
  }
}

/** A customer's second tick says that the helpdesk has it, a business's that the customer's phone has it. */
function tickOf(
  { world }: DemoStage,
  { readAt, direction, typed, msgId, keyId }: PhoneMessage,
  arrived: ReadonlySet<string>,
): Tick {
  if (readAt !== undefined) return 'read'
  if (direction === 'sent') return arrived.has(keyId) ? 'delivered' : 'sent'
  const ack = msgId === undefined ? 0 : (world.wasender.outgoing(msgId)?.ack ?? 0)
  return typed || ack >= 3 ? 'delivered' : 'sent'
}
