import { z } from 'zod'
import { asId, type KeyId, type MsgId } from '../../../kernel/ids.ts'
import { type Address, aliasOf, formatJid, parseAddress } from '../jid.ts'
import { compact, count, flag, isObject, type JsonObject, text } from './fields.ts'

/** What a WhatsApp message key says, in one form (docs/platforms/wasender.md#message-object). */
export type WaKey = {
  id: KeyId
  /** Sent by the account itself: through the API, or on the phone or another device. */
  fromMe: boolean
  /** The chat as `remoteJid` names it. */
  chat: Address
  /** Phone number of the other person of a direct chat, digits only. Never set for groups and channels. */
  phone?: string
  /** LID of the other person of a direct chat. */
  lid?: string
  /**
   * Another address beside the chat's in a key of our own. It is the other person's or ours, and nothing in the key
   * says which (docs/platforms/wasender.md#people-and-addresses), so it is not part of the chat's addresses.
   */
  alternative?: Address
  /** Author inside a group or a status. */
  participant?: Address
  participantPhone?: string
  participantLid?: string
  msgId?: MsgId
  /** The values as they came, for `/messages/read`, which wants them back unchanged. */
  raw: { id: string; remoteJid: string; fromMe: boolean; participant?: string }
}

const keySchema = z.object({
  id: text,
  remoteJid: text,
  fromMe: flag,
  senderPn: text,
  cleanedSenderPn: text,
  // The SDK's types spell it so.
  cleanSenderPn: text,
  senderLid: text,
  participant: text,
  participantPn: text,
  cleanedParticipantPn: text,
  participantLid: text,
  remoteJidAlt: text,
  participantAlt: text,
  msgId: count,
})

type RawKey = z.output<typeof keySchema>

/** Values some bodies repeat outside of the key, used when the key lacks them. */
type KeyCopies = { id?: string | undefined; remoteJid?: string | undefined }

/** Reads a key; `undefined` when it has no id or no chat, since nothing can be done with it then. */
export function readKey(value: unknown, copies: KeyCopies = {}): WaKey | undefined {
  const parsed = keySchema.safeParse(value)
  if (!parsed.success) return undefined
  const id = parsed.data.id || copies.id
  const remoteJid = parsed.data.remoteJid || copies.remoteJid
  const key = withoutList({ ...parsed.data, id, remoteJid })
  const chat = chatOf(key)
  if (id === undefined || id === '' || chat === undefined) return undefined
  const fromMe = key.fromMe === true
  return {
    id: asId<KeyId>(id),
    fromMe,
    chat,
    ...(isDirect(chat) ? { ...otherPerson(key), ...alternativeOf(key, chat) } : {}),
    ...author(key, chat),
    ...(key.msgId === undefined ? {} : { msgId: asId<MsgId>(key.msgId) }),
    raw: {
      id,
      remoteJid: remoteJid || formatJid(chat),
      fromMe,
      ...compact({ participant: parsed.data.participant }),
    },
  }
}

/** The addresses that lead to the chat of a message, for finding out whose chat it is. */
export function chatAddresses(key: WaKey): Addresses {
  return { address: key.chat, ...compact({ phone: key.phone, lid: key.lid }) }
}

function isDirect(chat: Address): boolean {
  return chat.kind === 'phone' || chat.kind === 'lid'
}

/**
 * What a customer writes to a broadcast list of theirs comes under the name of the list, with the customer as
 * participant (docs/platforms/wasender.md#message-object). It is part of the chat with that customer, where an answer
 * goes, too.
 */
function withoutList(key: RawKey): RawKey {
  if (key.fromMe === true || readAddress(key.remoteJid)?.kind !== 'broadcast') return key
  return {
    ...key,
    remoteJid: key.participant,
    remoteJidAlt: key.participantAlt || key.remoteJidAlt,
    senderPn: key.participantPn || key.senderPn,
    cleanedSenderPn: key.cleanedParticipantPn || key.cleanedSenderPn,
    senderLid: key.participantLid || key.senderLid,
    participant: undefined,
    participantAlt: undefined,
    participantPn: undefined,
    cleanedParticipantPn: undefined,
    participantLid: undefined,
  }
}

/** Of our own messages only `remoteJid` says whose chat it is. */
function chatOf(key: RawKey): Address | undefined {
  const from = sender(key)
  const [chat, alternative, pn, lid] = correctLids([
    readAddress(key.remoteJid),
    readAddress(key.remoteJidAlt),
    from.pn,
    from.lid,
  ])
  if (chat !== undefined || key.fromMe === true) return chat
  if (alternative !== undefined) return alternative
  // Some other kind of chat, or a group left unnamed: filed under its sender it would be misfiled.
  return key.remoteJid || key.participant ? undefined : (pn ?? lid)
}

/** What describes the sender of an incoming message; of our own it would describe us. */
function sender(key: RawKey) {
  if (key.fromMe === true) return { cleaned: undefined, pn: undefined, lid: undefined }
  return described(key)
}

function described(key: RawKey) {
  return {
    cleaned: cleanedNumber(key.cleanedSenderPn) ?? cleanedNumber(key.cleanSenderPn),
    pn: readAddress(key.senderPn),
    lid: readLidField(key.senderLid),
  }
}

/** In the order of docs/platforms/wasender.md#message-object. A `senderPn` that is really a LID counts as one. */
function otherPerson(key: RawKey): { phone?: string; lid?: string } {
  const from = sender(key)
  const [chat, alternative, lid, pn, cleaned] = correctLids([
    readAddress(key.remoteJid),
    readAddress(key.remoteJidAlt),
    from.lid,
    from.pn,
    from.cleaned,
  ])
  if (key.fromMe === true) return compact({ phone: firstPhone([chat]), lid: firstLid([chat]) })
  return compact({
    phone: firstPhone([cleaned, pn, alternative, chat]),
    lid: firstLid([chat, alternative, lid, pn]),
  })
}

/** What is also among the sender's addresses is ours, since we have sent it. */
function alternativeOf(key: RawKey, chat: Address): { alternative?: Address } {
  if (key.fromMe !== true) return {}
  const { cleaned, pn, lid } = described(key)
  const [, alternative, ...ours] = correctLids([
    chat,
    readAddress(key.remoteJidAlt),
    cleaned,
    pn,
    lid,
    readAddress(key.participant),
  ])
  if (alternative === undefined || !isDirect(alternative) || alternative.kind === chat.kind) {
    return {}
  }
  const isOurs = ours.some((each) => each && aliasOf(each) === aliasOf(alternative))
  return isOurs ? {} : { alternative }
}

/** The author of a group message. Some gateways describe him in the sender fields of direct chats. */
function author(key: RawKey, chat: Address) {
  const from = isDirect(chat) ? undefined : sender(key)
  const all = correctLids([
    readAddress(key.participant),
    readLidField(key.participantLid),
    readAddress(key.participantAlt),
    readAddress(key.participantPn),
    cleanedNumber(key.cleanedParticipantPn),
    from?.lid,
    from?.pn,
    from?.cleaned,
  ])
  return compact({
    participant: all.find((candidate) => candidate !== undefined),
    participantPhone: firstPhone(all),
    participantLid: firstLid(all),
  })
}

/** A field of bare digits; outside of 8 to 15 of them it is no international number. */
function cleanedNumber(value: string | undefined): Address | undefined {
  return value !== undefined && /^\+?\d{8,15}$/.test(value) ? readAddress(value) : undefined
}

/** All that is known of who or what one JID stands for: the address as it came, and the person behind it. */
export type Addresses = {
  address: Address
  /** Digits, without `+`. */
  phone?: string
  /** Without `@lid`. */
  lid?: string
}

/** Reads a JID or a number from a field of unknown type. */
export function readAddress(value: unknown): Address | undefined {
  return typeof value === 'string' ? parseAddress(value) : undefined
}

/** Reads a field that holds a LID by its name: bare digits in it are a LID, not a phone number. */
function readLidField(value: unknown): Address | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  return parseAddress(value.includes('@') ? value : `${value}@lid`)
}

type Candidates = readonly (Address | undefined)[]

/**
 * Addresses of one person, where a phone number with the digits of one of the LIDs becomes that LID: the
 * gateway sometimes fills phone fields from a LID, and such a "number" belongs to a stranger.
 */
function correctLids(candidates: Candidates): Candidates {
  const lids = new Set(candidates.map((candidate) => candidate?.kind === 'lid' && candidate.id))
  return candidates.map((candidate) =>
    candidate?.kind === 'phone' && lids.has(candidate.digits)
      ? { kind: 'lid', id: candidate.digits }
      : candidate,
  )
}

/** The first LID among addresses in order of trust. */
function firstLid(candidates: Candidates): string | undefined {
  for (const candidate of candidates) if (candidate?.kind === 'lid') return candidate.id
  return undefined
}

/** The digits of the first phone number among addresses in order of trust. */
function firstPhone(candidates: Candidates): string | undefined {
  for (const candidate of candidates) if (candidate?.kind === 'phone') return candidate.digits
  return undefined
}

const ID_FIELDS = ['id', 'jid', 'remoteJid'] as const
const PHONE_FIELDS = ['phoneNumber', 'participantPn', 'pn', 'senderPn', 'jidAlt'] as const
const LID_FIELDS = ['lid', 'participantLid', 'senderLid'] as const

/**
 * Reads a contact, member, voter or chat, which may be a bare JID or an object under any of the names in use
 * (docs/platforms/wasender.md#chats-contacts-and-groups). `undefined` when no address is in it.
 */
export function readAddresses(entry: unknown): Addresses | undefined {
  if (typeof entry === 'string') return describe([readAddress(entry)])
  if (!isObject(entry)) return undefined
  return describe([
    ...read(entry, ID_FIELDS, readAddress),
    ...read(entry, PHONE_FIELDS, readAddress),
    ...read(entry, LID_FIELDS, readLidField),
  ])
}

function read(
  entry: JsonObject,
  names: readonly string[],
  reader: (value: unknown) => Address | undefined,
): (Address | undefined)[] {
  return names.map((name) => reader(entry[name]))
}

/** Addresses of one and the same chat, best first. A group's or channel's are never a person's. */
function describe(candidates: Candidates): Addresses | undefined {
  const all = correctLids(candidates)
  const address = all.find((candidate) => candidate !== undefined)
  if (address === undefined) return undefined
  if (address.kind !== 'phone' && address.kind !== 'lid') return { address }
  return { address, ...compact({ phone: firstPhone(all), lid: firstLid(all) }) }
}
