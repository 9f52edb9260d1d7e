import type { Texts } from '../../locale/index.ts'
import { formatJid, parseAddress } from '../../wasender/jid.ts'
import { plain } from './inline.ts'

/** The name of whom a JID stands for; `undefined` for a stranger. */
export type NameOf = (jid: string) => string | undefined

/** What to call somebody in a line: by name, else by number, else just as a person. */
export function labelOf(jid: string, nameOf: NameOf, texts: Texts): string {
  const address = parseAddress(jid)
  const name = nameOf(address === undefined ? jid : formatJid(address)) ?? nameOf(jid)
  if (name !== undefined && name.trim() !== '') return plain(name)
  return address?.kind === 'phone' ? `+${address.digits}` : texts.names.person
}

/**
 * Puts names in place of the digits by which WhatsApp writes mentions (`@15550001111`, or a LID's). Digits nobody
 * knows stay: agents may recognise them.
 */
export function nameMentions(
  markdown: string,
  mentions: readonly string[] | undefined,
  nameOf: NameOf,
): string {
  return (mentions ?? []).reduce((text, jid) => {
    const user = userOf(jid)
    const name = user === undefined ? undefined : nameOf(jid)
    if (user === undefined || name === undefined || name.trim() === '') return text
    return text.replaceAll(new RegExp(`@${user}(?![0-9])`, 'g'), () => `@${plain(name)}`)
  }, markdown)
}

function userOf(jid: string): string | undefined {
  const address = parseAddress(jid)
  if (address?.kind === 'phone') return address.digits
  return address?.kind === 'lid' && /^\w+$/.test(address.id) ? address.id : undefined
}
