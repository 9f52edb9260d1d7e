import type { NameNews } from '../delivery/inbound/known-names.ts'
import type { Who } from '../identity/people.ts'
import type { WhatsappContact } from '../wasender/contact-schema.ts'
import { type Address, parseAddress } from '../wasender/jid.ts'
import type { SkipReason } from './progress.ts'

/** A person of WhatsApp's list, in the bridge's terms. */
export type Candidate = { who: Who; names: NameNews }

/** Addresses of what is no person. */
const NOBODY: Readonly<Record<Exclude<Address['kind'], 'phone' | 'lid'>, SkipReason>> = {
  group: 'group',
  newsletter: 'channel',
  broadcast: 'channel',
  status: 'channel',
}

/** Reads a row of the list, which also holds groups and channels. */
export function candidateOf(contact: WhatsappContact): Candidate | { skip: SkipReason } {
  const address = parseAddress(contact.jid)
  if (address === undefined) return { skip: 'unreadable' }
  const names = { saved: contact.name, own: contact.verifiedName ?? contact.notify }
  switch (address.kind) {
    case 'phone':
      return { who: { address, phone: address.digits, ...lidIn(contact) }, names }
    case 'lid':
      return { who: { address, lid: address.id }, names }
    default:
      return { skip: NOBODY[address.kind] }
  }
}

function lidIn({ lid }: WhatsappContact): Pick<Who, 'lid'> {
  const address = lid === undefined ? undefined : parseAddress(lid)
  return address?.kind === 'lid' ? { lid: address.id } : {}
}
