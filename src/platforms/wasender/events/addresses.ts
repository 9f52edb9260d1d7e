import { type Address, parseAddress } from '../jid.ts'
import { compact, isObject, type JsonObject } from './fields.ts'

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
export function readLidField(value: unknown): Address | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  return parseAddress(value.includes('@') ? value : `${value}@lid`)
}

type Candidates = readonly (Address | undefined)[]

/**
 * Addresses of one person, where a phone number with the digits of one of the LIDs becomes that LID: the
 * gateway sometimes fills phone fields from a LID, and such a "number" belongs to a stranger.
 */
export function correctLids(candidates: Candidates): Candidates {
  const lids = new Set(candidates.map((candidate) => candidate?.kind === 'lid' && candidate.id))
  return candidates.map((candidate) =>
    candidate?.kind === 'phone' && lids.has(candidate.digits)
      ? { kind: 'lid', id: candidate.digits }
      : candidate,
  )
}

/** The first LID among addresses in order of trust. */
export function firstLid(candidates: Candidates): string | undefined {
  for (const candidate of candidates) if (candidate?.kind === 'lid') return candidate.id
  return undefined
}

/** The digits of the first phone number among addresses in order of trust. */
export function firstPhone(candidates: Candidates): string | undefined {
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
