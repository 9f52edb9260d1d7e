import type { Account } from '../account.ts'
import type { ContactCondition } from '../chatwoot/api/contact-json.ts'
import type { Contact, ContactRef } from '../chatwoot/shapes/contact.ts'
import { formatJid } from '../wasender/jid.ts'
import type { Who } from './people.ts'
import { isSameNumber, variantsOf } from './phone-variants.ts'

/** The identifier of a contact the bridge makes: the JID, which also somebody without a number has. */
export function identifierOf(who: Who): string {
  if (who.phone !== undefined) return formatJid({ kind: 'phone', digits: who.phone })
  if (who.lid !== undefined) return formatJid({ kind: 'lid', id: who.lid })
  return formatJid(who.address)
}

/**
 * The contact of someone anywhere in the Chatwoot account, whoever made it: by every spelling of the number and by every
 * identifier, in one call. One with the number goes before one that only has an identifier, and of several the oldest.
 */
export async function findContact(account: Account, who: Who): Promise<Contact | undefined> {
  const { contacts } = await account.chatwoot.contacts.filter(conditionsFor(who))
  return contacts.sort(
    (a, b) => Number(hasNumber(b, who.phone)) - Number(hasNumber(a, who.phone)) || a.id - b.id,
  )[0]
}

/** Whether the contact's number is this one, in any spelling. */
export function hasNumber(contact: ContactRef, phone: string | undefined): boolean {
  const { phoneNumber } = contact
  if (phoneNumber === undefined || phone === undefined) return false
  return isSameNumber(phoneNumber.replace(/\D/g, ''), phone)
}

/**
 * One value per condition, since Chatwoot compares with the first one only
 * (docs/platforms/chatwoot.md#finding-contacts).
 */
function conditionsFor(who: Who): ContactCondition[] {
  const spellings = who.phone === undefined ? [] : variantsOf(who.phone)
  const identifiers = [
    ...spellings.map((digits) => identifierOf({ ...who, phone: digits })),
    ...(who.lid === undefined ? [] : [formatJid({ kind: 'lid', id: who.lid })]),
  ]
  return [
    ...spellings.map((digits) => equal('phone_number', `+${digits}`)),
    ...(identifiers.length > 0 ? identifiers : [identifierOf(who)]).map((value) =>
      equal('identifier', value),
    ),
  ]
}

const equal = (key: string, value: string): ContactCondition => ({
  key,
  operator: 'equal_to',
  values: [value],
  joinedBy: 'OR',
})
