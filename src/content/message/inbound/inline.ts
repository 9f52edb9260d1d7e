import { cutText } from '../../../kernel/text.ts'
import { compact } from '../../../platforms/wasender/events/fields.ts'
import type { Addresses, WaKey } from '../../../platforms/wasender/events/key.ts'
import { formatJid, parseAddress } from '../../../platforms/wasender/jid.ts'
import type { Texts } from '../../locale/index.ts'
import type { CanonicalMessage, Content } from '../canonical.ts'
import { escapeBlockStart, escapeInline } from '../format/literals.ts'
import { toMarkdown } from '../format/to-markdown.ts'

/** Longer is no name, title or line; what is cut off is marked. */
const LONGEST_LINE = 2_000

/** Longer ones lead nowhere: no browser takes them. */
const LONGEST_ADDRESS = 8_000

/** Controls, and characters that turn the writing direction, with which `gpj.exe` reads as `exe.jpg`. */
const UNSEEN = /[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu

/** Words that are no message, such as names and titles, on one line of Markdown: nothing in them is a mark. */
export function plain(words: string): string {
  return escaped(onOneLine(words))
}

/** The same where it begins a line, so that it begins no list or heading either. */
export function plainLine(words: string): string {
  const line = onOneLine(words)
  return escapeBlockStart(line, escaped(line))
}

function onOneLine(words: string): string {
  return cutText(words, LONGEST_LINE).replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim()
}

function escaped(line: string): string {
  return escapeInline(line, { from: 0, to: line.length })
}

export function bold(words: string): string {
  const line = plain(words)
  return line === '' ? '' : `**${line}**`
}

/** An id, letter by letter, to be copied as it is. */
export function code(id: string): string {
  const line = onOneLine(id).replaceAll('`', '')
  return line === '' ? '' : `\`${line}\``
}

/** A remark of the bridge's own. Its texts hold no marks. */
export function small(words: string): string {
  return `*${words}*`
}

/** Lines below each other; empty and missing ones are left out. */
export function linesOf(...lines: readonly (string | undefined)[]): string {
  return lines.filter((line) => line !== undefined && line !== '').join('\n')
}

/** In an address Markdown would take these for marks, pictures and links; `_` only where a word begins or ends. */
const MARKS_IN_ADDRESS = /[[\]()!*~<>`|\\]|(?<![a-z0-9])_|_(?![a-z0-9])/gi

/**
 * An address as it is, when it is one; anything else would be text that claims to lead somewhere. It holds nothing
 * Markdown gives a meaning, and no name before the host, which reads like one.
 */
export function link(address: string | undefined): string | undefined {
  if (address === undefined || address.length > LONGEST_ADDRESS) return undefined
  const url = /^https?:\/\//i.test(address) ? URL.parse(address) : null
  if (url === null) return undefined
  url.username = ''
  url.password = ''
  const encoded = url.href.replace(MARKS_IN_ADDRESS, percentEncoded)
  return URL.canParse(encoded) ? encoded : undefined
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

/** How WhatsApp writes a mention: the digits of a number or a LID, or the whole address of a group. */
const MENTION = /@((\d*)[A-Za-z0-9]*)((?:-\d+)?@g\.us)?/g

/** The name of whom a JID stands for; `undefined` for a stranger. */
export type NameOf = (jid: string) => string | undefined

/** What to call somebody in a line: by name, else by number, else just as a person. */
export function labelOf(jid: string, nameOf: NameOf, texts: Texts): string {
  const address = parseAddress(jid)
  const name = nameOf(address === undefined ? jid : formatJid(address)) ?? nameOf(jid)
  if (name !== undefined && name.trim() !== '') return plain(name)
  return address?.kind === 'phone' ? `+${address.digits}` : texts.names.unknown.inLine
}

/**
 * Puts names in place of the digits by which WhatsApp writes mentions (`@15550001111`, or a LID's). Digits nobody
 * knows stay: agents may recognise them.
 */
export function nameMentions(
  markdown: string,
  mentions: readonly string[] | undefined,
  nameOf: NameOf,
  groups: CanonicalMessage['mentionedGroups'] = [],
): string {
  const subjects = new Map(groups.map(({ jid, subject }) => [jid, plain(subject)]))
  // One pass for all of them: a message may mention a whole group, often.
  const names = new Map<string, string>()
  for (const jid of mentions ?? []) {
    const user = userOf(jid)
    const name = user === undefined || names.has(user) ? undefined : nameOf(jid)
    if (user !== undefined && name !== undefined && name.trim() !== '') names.set(user, plain(name))
  }
  if (names.size === 0 && subjects.size === 0) return markdown
  return markdown.replace(MENTION, (written, word: string, digits: string, group = '') => {
    const subject = subjects.get(written.slice(1))
    if (subject !== undefined) return `@${subject}`
    const user = names.has(word) ? word : digits
    const name = names.get(user)
    return name === undefined ? written : `@${name}${word.slice(user.length)}${group}`
  })
}

function userOf(jid: string): string | undefined {
  const address = parseAddress(jid)
  if (address?.kind === 'phone') return address.digits
  return address?.kind === 'lid' && /^\w+$/.test(address.id) ? address.id : undefined
}

/** Who wrote or did something inside a group. */
export type Author = { name?: string; phone?: string; lid?: string }

/** The author of a message in a group, a channel or the stories; a direct chat has no other than its person. */
export function authorOf(key: WaKey, pushName: string | undefined): Author | undefined {
  const isDirect = key.chat.kind === 'phone' || key.chat.kind === 'lid'
  if (isDirect || key.fromMe) return undefined
  return known({ name: pushName, phone: key.participantPhone, lid: key.participantLid })
}

/** The author behind some addresses. */
export function personOf({ address, phone, lid }: Addresses): Author | undefined {
  return known({
    phone: phone ?? (address.kind === 'phone' ? address.digits : undefined),
    lid: lid ?? (address.kind === 'lid' ? address.id : undefined),
  })
}

function known(fields: { [Field in keyof Author]?: string | undefined }): Author | undefined {
  const author = compact(fields)
  return Object.keys(author).length === 0 ? undefined : author
}

type Place = Extract<Content, { kind: 'location' }>

/** Opens in every browser, and in the map app of a phone. */
const MAP = 'https://maps.google.com/?q='

/** Finer is finer than any phone knows its place (about ten centimetres), and never `1e-7`. */
const DECIMALS = 6

/** A place in words, with a link to a map: Chatwoot's own map cannot be made through its API. */
export function placeWords(place: Place, { inbound }: Texts): string {
  const { name, address, live, text, url } = place
  return linesOf(
    bold(name ?? (live ? inbound.location.live : inbound.location.place)),
    plain(address ?? ''),
    mapLink(place),
    link(url),
    live ? small(inbound.location.liveNote) : undefined,
    text === undefined ? undefined : toMarkdown(text),
  )
}

/** A link to a place on a map. */
export function mapLink({ latitude, longitude }: Pick<Place, 'latitude' | 'longitude'>): string {
  return `${MAP}${degrees(latitude)},${degrees(longitude)}`
}

function degrees(value: number): string {
  const rounded = Number(value.toFixed(DECIMALS))
  return String(rounded === 0 ? 0 : rounded)
}
