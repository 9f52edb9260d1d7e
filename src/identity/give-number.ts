import type { Account } from '../account.ts'
import { isRefusedValue, isTaken } from '../chatwoot/client.ts'
import { phoneNumberOf } from '../chatwoot/phone-number.ts'
import type { Contact } from '../chatwoot/shapes/contact.ts'
import { findContact } from './find-contact.ts'
import { contactIfAny, uniteContacts } from './unite-contacts.ts'

/**
 * Writes a number that was learned to a contact without one; a number somebody else wrote stays. When another contact has
 * the number, both are the same person: the other one stays and gets everything. A number that Chatwoot does not take is left
 * out.
 */
export async function giveNumber(
  account: Account,
  contact: Contact,
  phone: string | undefined,
): Promise<Contact> {
  const phoneNumber = phoneNumberOf(phone)
  if (phone === undefined || phoneNumber === undefined || contact.phoneNumber !== undefined) {
    return contact
  }
  const { contacts } = account.chatwoot
  try {
    return await contacts.update(contact.id, { phoneNumber })
  } catch (error) {
    if (isRefusedValue(error, 'phone_number')) return contact
    if (!isTaken(error, 'phone_number')) throw error
    const owner = await findContact(account, { address: { kind: 'phone', digits: phone }, phone })
    if (owner === undefined || owner.id === contact.id) throw error
    await uniteContacts(account, owner, contact)
    // The answer to a merge does not have to list the addresses that came along.
    return (await contactIfAny(account, owner.id)) ?? contact
  }
}
