/** What the `to` of a send or an id in a path can mean (docs/platforms/wasender.md#sending, #people-and-addresses). */
export type Address =
  | { kind: 'phone'; digits: string }
  | { kind: 'lid'; digits: string }
  | { kind: 'group'; jid: string }
  | { kind: 'channel'; jid: string }
  | { kind: 'username'; name: string }
  | { kind: 'invalid' }

type Reader = { pattern: RegExp; read: (match: string) => Address }

const READERS: Reader[] = [
  { pattern: /^\+?(\d{5,15})$/, read: (digits) => ({ kind: 'phone', digits }) },
  {
    pattern: /^(\d{5,15})(?::\d+)?@(?:s\.whatsapp\.net|c\.us)$/,
    read: (digits) => ({ kind: 'phone', digits }),
  },
  { pattern: /^(\d+)(?::\d+)?@lid$/, read: (digits) => ({ kind: 'lid', digits }) },
  { pattern: /^([\d-]+@g\.us)$/, read: (jid) => ({ kind: 'group', jid }) },
  { pattern: /^(\d+@newsletter)$/, read: (jid) => ({ kind: 'channel', jid }) },
  {
    pattern: /^@([a-z0-9._]+)$/i,
    read: (name) => ({ kind: 'username', name: name.toLowerCase() }),
  },
]

/** Reads an address in any spelling the gateway takes. */
export function readAddress(text: string): Address {
  for (const { pattern, read } of READERS) {
    const match = pattern.exec(text.trim())?.[1]
    if (match !== undefined) return read(match)
  }
  return { kind: 'invalid' }
}

export const pnJid = (digits: string): string => `${digits}@s.whatsapp.net`
export const lidJid = (digits: string): string => `${digits}@lid`

/** The digits of a phone number in any spelling. */
export const digitsOf = (phone: string): string => phone.replace(/@.*$/, '').replace(/\D/g, '')
