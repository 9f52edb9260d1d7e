import { createHash } from 'node:crypto'
import { asId, type KeyId } from '../../../kernel/ids.ts'
import { type Address, aliasOf } from '../../../platforms/wasender/jid.ts'
import type { Content } from '../canonical.ts'

/** What has no WhatsApp id of its own, or has several. */
type DerivedKind = 'reaction' | 'edit' | 'revoke' | 'votes' | 'call' | 'system'

/**
 * An id for something that is told by more than one event, from what all of them say
 * (docs/platforms/wasender.md#repeated-events). Hashed, because it becomes a source id of Chatwoot, where neither
 * length nor a phone number is welcome.
 */
export function derivedId(
  kind: DerivedKind,
  parts: readonly (string | number | undefined)[],
): KeyId {
  const said = JSON.stringify([kind, ...parts.map((part) => part ?? null)])
  return asId<KeyId>(
    `${kind}-${createHash('sha256').update(said).digest('base64url').slice(0, 22)}`,
  )
}

/** Times within one span give one value: the same thing told twice gets one id, done again later it gets another. */
function spanOf(at: number | undefined, length: number): number | undefined {
  return at === undefined ? undefined : Math.floor(at / length)
}

/** What an id is made of. */
export type Told = {
  content: Content
  chat: Address
  fromMe: boolean
  /** The key id of the message that tells it, where there is one of its own. */
  ownId?: KeyId | undefined
  /** When it was written or, failing that, heard of; milliseconds since 1970. */
  at?: number | undefined
  /** When the webhook was made, where only that tells a repetition. */
  toldAt?: number | undefined
}

type ContentOf<Kind extends Content['kind']> = Extract<Content, { kind: Kind }>
type IdOf<Kind extends Content['kind']> = (content: ContentOf<Kind>, told: Told) => KeyId

const MINUTE_MS = 60_000

/**
 * Kinds that several events tell of, each with an id of its own: their id is made of what all of these events say. Where
 * they say different things, `tellingOf` (`telling.ts`) has what finds the id that another event was given.
 */
const IDS: { [Kind in Content['kind']]?: IdOf<Kind> } = {
  reaction: reactionId,
  edit: ({ target, text }) => derivedId('edit', [target, text]),
  'encrypted-edit': ({ target }, { ownId }) => derivedId('edit', [target, 'encrypted', ownId]),
  revoke: ({ target }) => derivedId('revoke', [target]),
  'poll-result': ({ target, options }, { at }) =>
    derivedId('votes', [target, tally(options), spanOf(at, MINUTE_MS)]),
  // The missed call's stub has the id of the call for its key id.
  call: (_content, { ownId }) => derivedId('call', [ownId]),
  system: ({ what, names, text }, { chat, at }) =>
    derivedId('system', [
      aliasOf(chat),
      what,
      JSON.stringify([...names].sort()),
      text,
      spanOf(at, 10 * MINUTE_MS),
    ]),
}

/** The id of a message by what it says; `undefined` when nothing tells it apart from others. */
export function incomingId(told: Told): KeyId | undefined {
  return idOfKind(told.content.kind, told.content, told) ?? told.ownId
}

function idOfKind<Kind extends Content['kind']>(
  kind: Kind,
  content: ContentOf<Kind>,
  told: Told,
): KeyId | undefined {
  return IDS[kind]?.(content, told)
}

/**
 * By the sender's clock, else by its own key; the documented form has neither (docs/platforms/wasender.md#reactions).
 */
function reactionId(reaction: ContentOf<'reaction'>, { fromMe, ownId, at: heardAt }: Told): KeyId {
  const { target, text, at } = reaction
  const side = fromMe ? 'us' : 'them'
  if (at !== undefined) return derivedId('reaction', [target, side, text, at])
  return ownId ?? derivedId('reaction', [target, side, text, 'heard', spanOf(heardAt, MINUTE_MS)])
}

/** How many votes each option has, as one value. */
export function tally(options: ContentOf<'poll-result'>['options']): string {
  return JSON.stringify(options.map(({ name, votes }) => [name, votes]))
}
