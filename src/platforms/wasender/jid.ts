import { asId, type Jid } from '../../kernel/ids.ts'

/**
 * A WhatsApp address, whatever way it was written (docs/platforms/wasender.md#people-and-addresses). A LID is a privacy
 * identity and never a phone number, although both are digits.
 */
export type Address =
  | { kind: 'phone'; digits: string }
  | { kind: 'lid'; id: string }
  | { kind: 'group'; id: string }
  | { kind: 'newsletter'; id: string }
  | { kind: 'broadcast'; id: string }
  | { kind: 'status' }

type Named = Exclude<Address, { kind: 'status' }>

/** How each kind is written as an alias (`prefix:id`) and as a JID (`id@server`). */
const SPELLINGS: Readonly<Record<Named['kind'], { prefix: string; server: string }>> = {
  phone: { prefix: 'pn', server: 's.whatsapp.net' },
  lid: { prefix: 'lid', server: 'lid' },
  group: { prefix: 'group', server: 'g.us' },
  newsletter: { prefix: 'newsletter', server: 'newsletter' },
  broadcast: { prefix: 'broadcast', server: 'broadcast' },
}

type ReadUser = (user: string) => Address | undefined

/** `:12` names one device of a user and `_1` an agent; both belong to the same person. */
const PHONE_USER = /^(\d{1,20})(?:_\d+)?(?::\d+)?$/
const LID_USER = /^([^\s@:_]+)(?:_\d+)?(?::\d+)?$/
const PLAIN_USER = /^([^\s@:]+)$/

const readPhone: ReadUser = (user) => {
  const digits = PHONE_USER.exec(user)?.[1]
  return digits === undefined ? undefined : { kind: 'phone', digits }
}

const readNamed =
  (kind: 'lid' | 'group' | 'newsletter' | 'broadcast', pattern: RegExp): ReadUser =>
  (user) => {
    const id = pattern.exec(user)?.[1]
    return id === undefined ? undefined : { kind, id }
  }

const readBroadcast = readNamed('broadcast', PLAIN_USER)

const SERVERS: ReadonlyMap<string, ReadUser> = new Map([
  ['s.whatsapp.net', readPhone],
  ['c.us', readPhone],
  ['hosted', readPhone],
  ['lid', readNamed('lid', LID_USER)],
  ['hosted.lid', readNamed('lid', LID_USER)],
  ['g.us', readNamed('group', PLAIN_USER)],
  ['newsletter', readNamed('newsletter', PLAIN_USER)],
  ['broadcast', (user) => (user === 'status' ? { kind: 'status' } : readBroadcast(user))],
])

/** `+` announces a number of any length; without it only the length tells a number from some other id. */
const BARE_NUMBER = /^(?:\+\d{1,15}|\d{6,15})$/

/** Reads a JID or a phone number; `undefined` when it is neither. Device suffixes are dropped. */
export function parseAddress(raw: string): Address | undefined {
  const written = raw.trim()
  const at = written.lastIndexOf('@')
  if (at >= 0) {
    return SERVERS.get(written.slice(at + 1).toLowerCase())?.(written.slice(0, at))
  }
  return BARE_NUMBER.test(written) ? { kind: 'phone', digits: written.replace('+', '') } : undefined
}

/** The JID to give to WasenderAPI. */
export function formatJid(address: Address): Jid {
  if (address.kind === 'status') return asId<Jid>('status@broadcast')
  return asId<Jid>(`${userOf(address)}@${SPELLINGS[address.kind].server}`)
}

/** One word per address, e.g. `pn:15550001111`; different addresses have different ones. */
export function aliasOf(address: Address): string {
  if (address.kind === 'status') return 'status'
  return `${SPELLINGS[address.kind].prefix}:${userOf(address)}`
}

/** The address an alias stands for; `undefined` for anything {@link aliasOf} does not make. */
export function addressOfAlias(alias: string): Address | undefined {
  if (alias === 'status') return { kind: 'status' }
  const colon = alias.indexOf(':')
  const prefix = alias.slice(0, colon)
  const spelling = Object.values(SPELLINGS).find((candidate) => candidate.prefix === prefix)
  if (colon < 0 || spelling === undefined) return undefined
  const address = parseAddress(`${alias.slice(colon + 1)}@${spelling.server}`)
  return address !== undefined && aliasOf(address) === alias ? address : undefined
}

function userOf(address: Named): string {
  return address.kind === 'phone' ? address.digits : address.id
}

/** All that is known of who a chat is with. For a person the phone number, the LID or both. */
export type Who = {
  address: Address
  /** Digits. */
  phone?: string
  lid?: string
}
