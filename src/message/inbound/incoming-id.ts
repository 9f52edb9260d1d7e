import type { KeyId } from '../../ids.ts'
import { type Address, aliasOf } from '../../wasender/jid.ts'
import type { Content } from '../canonical.ts'
import { derivedId, spanOf } from './derived-id.ts'

/** What an id is made of. */
export type Told = {
  content: Content
  chat: Address
  fromMe: boolean
  /** The key id of the message that tells it, where there is one of its own. */
  ownId?: KeyId | undefined
  /** When it was written or, failing that, heard of; milliseconds since 1970. */
  at?: number | undefined
}

type ContentOf<Kind extends Content['kind']> = Extract<Content, { kind: Kind }>
type IdOf<Kind extends Content['kind']> = (content: ContentOf<Kind>, told: Told) => KeyId

const MINUTE_MS = 60_000

/** Kinds that come by several events, so that the id of the message that brings them is not the only one. */
const IDS: { [Kind in Content['kind']]?: IdOf<Kind> } = {
  reaction: reactionId,
  // Both of an edit's times differ between its forms. Changing back to an earlier wording a third time is lost.
  edit: ({ target, text }) => derivedId('edit', [target, text]),
  revoke: ({ target }) => derivedId('revoke', [target]),
  // The tally is told in full each time, and a changed vote may bring back an earlier one.
  'poll-result': ({ target, options }, { at }) =>
    derivedId('votes', [target, tally(options), spanOf(at, MINUTE_MS)]),
  // The missed call's stub has the id of the call for its key id.
  call: (_content, { ownId }) => derivedId('call', [ownId]),
  // A change of a group comes as an event and as a stub; ten minutes keep leaving and coming back apart.
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
 * A reaction comes as a message and as an event. Both have the sender's clock to the millisecond, which also keeps 👍,
 * taken back, 👍 again apart; so the member who reacted need not be part of it, whom one form may name by LID and the
 * other by number. Without the clock the reaction's own key id is as good. The docs' example has neither, since it
 * repeats the target's key (section 7.5): there, equal reactions of a minute are one.
 */
function reactionId(reaction: ContentOf<'reaction'>, { fromMe, ownId, at: heardAt }: Told): KeyId {
  const { target, text, at } = reaction
  if (at !== undefined) return derivedId('reaction', [target, sideOf(fromMe), text, at])
  return ownId ?? untimedId(reaction, fromMe, spanOf(heardAt, MINUTE_MS))
}

/**
 * The ids a reaction may have when it is told without its time: heard of in the minute it was given in, or the next.
 * `undefined` for all else.
 */
export function untimedIds({ content, fromMe }: Told): KeyId[] | undefined {
  if (content.kind !== 'reaction' || content.at === undefined) return undefined
  const span = Math.floor(content.at / MINUTE_MS)
  return [span, span + 1].map((minute) => untimedId(content, fromMe, minute))
}

function untimedId(
  { target, text }: ContentOf<'reaction'>,
  fromMe: boolean,
  minute: number | undefined,
): KeyId {
  return derivedId('reaction', [target, sideOf(fromMe), text, 'heard', minute])
}

const sideOf = (fromMe: boolean) => (fromMe ? 'us' : 'them')

function tally(options: ContentOf<'poll-result'>['options']): string {
  return JSON.stringify(options.map(({ name, votes }) => [name, votes]))
}
