import type { Account } from '../account.ts'
import { isNotFound } from '../chatwoot/client.ts'
import type { Contact, ContactRef } from '../chatwoot/shapes/contact.ts'
import type { ContactId } from '../ids.ts'
import { isSameNumber } from './phone-variants.ts'

/** A contact; `undefined` when it was deleted or merged into another in the meantime. */
export async function contactIfAny(account: Account, id: ContactId): Promise<Contact | undefined> {
  try {
    return await account.chatwoot.contacts.get(id)
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/**
 * Makes `mergee` a part of `base` in Chatwoot (docs/platforms/chatwoot.md#merging-contacts). Repeatable: a mergee that
 * is gone has been merged before.
 */
export async function uniteContacts(
  account: Account,
  base: Pick<Contact, 'id'>,
  mergee: Pick<Contact, 'id'>,
): Promise<void> {
  try {
    await account.chatwoot.contacts.merge(base.id, mergee.id)
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

/** Which of two contacts of one person stays: the one with a number, else the older one. */
export function baseFirst<T extends ContactRef>(one: T, other: T): [base: T, mergee: T] {
  const rank = ({ phoneNumber }: T) => (phoneNumber === undefined ? 1 : 0)
  const order = rank(one) - rank(other) || one.id - other.id
  return order <= 0 ? [one, other] : [other, one]
}

/** Two contacts with different numbers are two people to whoever wrote those numbers down. */
export function mayUnite(one: ContactRef, other: ContactRef): boolean {
  const [a, b] = [one, other].map(({ phoneNumber }) => phoneNumber?.replace(/\D/g, ''))
  return a === undefined || b === undefined || isSameNumber(a, b)
}
