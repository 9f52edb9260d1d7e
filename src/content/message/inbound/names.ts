import type { Addresses } from '../../../platforms/wasender/events/addresses.ts'
import { compact } from '../../../platforms/wasender/events/fields.ts'
import type { WaKey } from '../../../platforms/wasender/events/key.ts'
import { formatJid, parseAddress } from '../../../platforms/wasender/jid.ts'
import type { Texts } from '../../locale/index.ts'
import type { CanonicalMessage } from '../canonical.ts'
import { plain } from './inline.ts'

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
