import { createHash } from 'node:crypto'
import type { KeyId } from '../../../kernel/ids.ts'
import { aliasOf } from '../../../platforms/wasender/jid.ts'
import type { Content } from '../canonical.ts'
import { type Told, tally } from './incoming-id.ts'

/** Kinds whose forms need not have anything in common but what they say. */
export type ToldKind = 'reaction' | 'edit' | 'poll-result' | 'system'

/** What one event says of something that other events tell, too. Times are milliseconds since 1970. */
export type Telling = {
  kind: ToldKind
  /** The message it is about, or the chat. */
  about: string
  /** A digest of what was said: it may be kept for days. */
  said: string
  /** The key id of the message that tells it, where it has one of its own. */
  ownId?: KeyId | undefined
  /** The sender's clock, where every form that has it has the same. */
  clock?: number | undefined
  /** Absent when nobody says whose it is. */
  fromMe?: boolean | undefined
  at?: number | undefined
  /** When the webhook was made: the same when it is repeated. */
  toldAt?: number | undefined
}

/** Something that was told, by all that its tellings said so far. */
export type KnownTelling = Pick<Telling, 'said' | 'fromMe'> & {
  /** The id it is known by. */
  id: KeyId
  ownId?: KeyId | undefined
  clock?: number | undefined
  at: number
  heardAt: number
  /** It was told by a form without a key of its own. */
  isToldBare?: boolean | undefined
  /** When the webhook of that form was made. */
  toldAt?: number | undefined
}

const MINUTE_MS = 60_000

/**
 * How close in time two equal tellings are one, when neither key nor clock can be compared. `isState`: what is said is a
 * state, so saying it again is no news until something else was told of that message.
 */
const RULES: Record<ToldKind, { withinMs: number; isState: boolean }> = {
  reaction: { withinMs: MINUTE_MS, isState: false },
  edit: { withinMs: MINUTE_MS, isState: true },
  'poll-result': { withinMs: MINUTE_MS, isState: true },
  // Far enough apart for leaving a group and coming back.
  system: { withinMs: 10 * MINUTE_MS, isState: false },
}

/** What an edit is told to say whose words are encrypted. */
const UNSAID = ''

/** What is needed to recognise it in other forms; `undefined` for all that has one id in every form. */
export function tellingOf({ content, chat, fromMe, ownId, at, toldAt }: Told): Telling | undefined {
  const whose = { ownId, ...(ownId === undefined ? {} : { fromMe }), at }
  switch (content.kind) {
    case 'reaction':
      return { ...said(content, content.target, content.text), ...whose, clock: content.at }
    case 'edit':
      return { ...said(content, content.target, content.text), ...whose, toldAt }
    case 'encrypted-edit':
      return { kind: 'edit', about: content.target, said: UNSAID, ...whose }
    case 'poll-result':
      return { ...said(content, content.target, tally(content.options)), at }
    case 'system': {
      const { what, names, text } = content
      const line = JSON.stringify([what, [...names].sort(), text ?? null])
      return { ...said(content, aliasOf(chat), line), ownId, at }
    }
    default:
      return undefined
  }
}

function said<Kind extends ToldKind>(
  content: Content & { kind: Kind },
  about: string,
  words: string,
) {
  const digest = createHash('sha256').update(words).digest('base64url').slice(0, 22)
  return { kind: content.kind, about, said: digest }
}

/**
 * Which of the known ones, oldest first, a telling is about; `undefined` when it is news. One form may have the sender's
 * clock, another a key, a third neither: what both have decides, and without anything to compare the same words within a
 * short while are one. Each known one takes what it lacks only once, so that the same said twice stays two.
 */
export function sameAs(
  known: readonly KnownTelling[],
  told: Telling,
  heardAt: number,
): KnownTelling | undefined {
  if (told.said === UNSAID) return editMeant(known, told, heardAt)
  const certain = known.find((each) => isCertainlySame(each, told))
  if (certain !== undefined) return certain
  const possible = known.filter((each) => isPossiblySame(each, told))
  const isNew = (each: KnownTelling) => (told.ownId === undefined ? !each.isToldBare : true)
  const near = possible
    .filter((each) => isNear(each, told, { heardAt, last: known.at(-1), isNew: isNew(each) }))
    .sort(
      (a, b) =>
        Number(isNew(b)) - Number(isNew(a)) ||
        distance(a, told, heardAt) - distance(b, told, heardAt),
    )
  return near[0]
}

/** An edit that comes without its words is taken for any other edit told within a minute, whatever that one says. */
function editMeant(
  known: readonly KnownTelling[],
  told: Telling,
  heardAt: number,
): KnownTelling | undefined {
  return (
    known.find(({ ownId }) => ownId !== undefined && ownId === told.ownId) ??
    known.findLast((each) => distance(each, told, heardAt) <= MINUTE_MS)
  )
}

function isCertainlySame(known: KnownTelling, told: Telling): boolean {
  if (known.said === UNSAID) return false
  if (known.ownId !== undefined && known.ownId === told.ownId) return true
  return known.said === told.said && isSameClock(known.clock, told.clock) === true
}

/** Nothing speaks against it. */
function isPossiblySame(known: KnownTelling, told: Telling): boolean {
  if (known.said !== told.said || isSameClock(known.clock, told.clock) === false) return false
  if (known.ownId !== undefined && told.ownId !== undefined) return false
  return known.fromMe === undefined || told.fromMe === undefined || known.fromMe === told.fromMe
}

/** A clock may have lost its milliseconds on the way. `undefined`: one of them has none. */
function isSameClock(one: number | undefined, other: number | undefined): boolean | undefined {
  if (one === undefined || other === undefined) return undefined
  const isWhole = one % 1000 === 0 || other % 1000 === 0
  return one === other || (isWhole && Math.floor(one / 1000) === Math.floor(other / 1000))
}

function isNear(
  known: KnownTelling,
  told: Telling,
  { heardAt, last, isNew }: { heardAt: number; last: KnownTelling | undefined; isNew: boolean },
): boolean {
  const { withinMs, isState } = RULES[told.kind]
  if (isState && known === last) return true
  const isWithin = distance(known, told, heardAt) <= withinMs
  if (told.kind !== 'edit') return (isState && isNew) || isWithin
  // Another wording was told since. Either this is told once more, or the message says it again.
  if (isNew) return !isAfter(told, last)
  if (known.toldAt === undefined || told.toldAt === undefined) return isWithin
  return known.toldAt === told.toldAt
}

/** Written in a later second than the newest that is known. */
function isAfter({ at }: Telling, last: KnownTelling | undefined): boolean {
  return at !== undefined && last !== undefined && at >= last.at + 1000
}

/** By when it was said or by when it was heard of: after an outage much that is old is heard at once. */
function distance(known: KnownTelling, told: Telling, heardAt: number): number {
  return Math.min(Math.abs(known.at - (told.at ?? heardAt)), Math.abs(known.heardAt - heardAt))
}

/** What is known with one more telling of it. */
export function toldAgain(known: KnownTelling, told: Telling): KnownTelling {
  if (told.said === UNSAID) return known
  return {
    ...known,
    ownId: known.ownId ?? told.ownId,
    clock: known.clock ?? told.clock,
    fromMe: known.fromMe ?? told.fromMe,
    isToldBare: known.isToldBare || told.ownId === undefined,
    toldAt: known.toldAt ?? (told.ownId === undefined ? told.toldAt : undefined),
  }
}

/** Something told for the first time. */
export function firstTold(id: KeyId, told: Telling, heardAt: number): KnownTelling {
  const { said, fromMe, ownId, clock, at = heardAt } = told
  const isToldBare = ownId === undefined
  const toldAt = isToldBare ? told.toldAt : undefined
  return { id, said, fromMe, ownId, clock, at, heardAt, isToldBare, toldAt }
}
