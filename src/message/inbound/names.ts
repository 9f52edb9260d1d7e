import type { Texts } from '../../locale/index.ts'
import { formatJid, parseAddress } from '../../wasender/jid.ts'
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
