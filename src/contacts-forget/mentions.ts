import { aliasOf, parseAddress } from '../wasender/jid.ts'

/** So deep an event is looked into; no real one is deeper. */
const DEEPEST = 40

/** What somebody else wrote may name them, or answer them: that is not theirs, and leaves with what it belongs to. */
const OF_OTHERS = new Set(['contextInfo', 'mentions', 'mentionedJid', 'message', 'messageBody'])

/**
 * Whether something that waits is about a person: one of its addresses is theirs, such as that of a group message's author
 * or of who a failed send was for.
 */
export function isAbout(value: unknown, names: ReadonlySet<string>, depth = 0): boolean {
  if (typeof value === 'string') return isNamed(value, names)
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return false
  const record = value as Readonly<Record<string, unknown>>
  if (isAddressOf(record, names)) return true
  return Object.entries(record).some(
    ([key, inner]) => !OF_OTHERS.has(key) && isAbout(inner, names, depth + 1),
  )
}

/** The bridge's own form of an address, as entries hold it. */
function isAddressOf(
  { kind, digits, id }: Readonly<Record<string, unknown>>,
  names: ReadonlySet<string>,
): boolean {
  if (kind === 'phone') return typeof digits === 'string' && names.has(`pn:${digits}`)
  return kind === 'lid' && typeof id === 'string' && names.has(`lid:${id}`)
}

function isNamed(text: string, names: ReadonlySet<string>): boolean {
  if (names.has(text)) return true
  if (text.length > 100 || !text.includes('@')) return false
  const address = parseAddress(text)
  return address !== undefined && names.has(aliasOf(address))
}
