import type { Account } from '../accounts/account.ts'
import type { ContactId } from '../kernel/ids.ts'
import { isNotFound } from '../platforms/chatwoot/client.ts'
import type { Contact, ContactRef } from '../platforms/chatwoot/shapes/contact.ts'
import type { ConversationRef } from '../platforms/chatwoot/shapes/message.ts'
import type { Chat } from '../state/store/types.ts'
import { isSameNumber } from './people.ts'

/**
 * What the record of a chat becomes when another chat turns out to be the same person: Chatwoot's contacts become one,
 * and the conversation used last stays the one to write into. Says nothing of the addresses, which are noted last.
 * `undefined` when somebody gave the contacts different numbers: then both stay as they are.
 *
 * Repeatable at every step: what an attempt before a crash has merged already is found as it is.
 */
export async function mergeChats(
  account: Account,
  mine: Chat,
  theirs: Chat,
): Promise<Chat | undefined> {
  const [one, other] = await Promise.all(
    [mine, theirs].map(({ contactId }) => contactIfAny(account, contactId)),
  )
  if (one !== undefined && other !== undefined && !mayUnite(one, other)) return undefined
  if (one === undefined || other === undefined || one.id === other.id) {
    return latest(account, (one ?? other)?.id ?? mine.contactId, mine, theirs)
  }
  const [base, mergee] = baseFirst(one, other)
  await uniteContacts(account, base, mergee)
  return latest(account, base.id, mine, theirs)
}

/** `mine` with the conversation of the two that was used last. */
async function latest(account: Account, contactId: ContactId, mine: Chat, theirs: Chat) {
  const ours = [mine.conversationId, theirs.conversationId]
  const recent = (await conversationsOf(account, contactId)).find(({ id }) => ours.includes(id))
  const fallback = mine.conversationId === undefined ? theirs : mine
  const used = [mine, theirs].find(({ conversationId }) => conversationId === recent?.id)
  const { sourceId, conversationId, conversationStatus } =
    recent === undefined || used === undefined ? fallback : used
  const named = theirs.contactId === contactId ? theirs : mine
  const status = recent?.status ?? conversationStatus
  const { conversationId: _id, conversationStatus: _status, nameSet: _name, ...rest } = mine
  return {
    ...rest,
    contactId,
    sourceId,
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(status === undefined ? {} : { conversationStatus: status }),
    ...(named.nameSet === undefined ? {} : { nameSet: named.nameSet }),
  } satisfies Chat
}

/** Newest activity first; none of a contact that was deleted in the meantime. */
async function conversationsOf(account: Account, id: ContactId): Promise<ConversationRef[]> {
  try {
    return await account.chatwoot.contacts.conversations(id)
  } catch (error) {
    if (isNotFound(error)) return []
    throw error
  }
}

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
function baseFirst<T extends ContactRef>(one: T, other: T): [base: T, mergee: T] {
  const rank = ({ phoneNumber }: T) => (phoneNumber === undefined ? 1 : 0)
  const order = rank(one) - rank(other) || one.id - other.id
  return order <= 0 ? [one, other] : [other, one]
}

/** Two contacts with different numbers are two people to whoever wrote those numbers down. */
function mayUnite(one: ContactRef, other: ContactRef): boolean {
  const [a, b] = [one, other].map(({ phoneNumber }) => phoneNumber?.replace(/\D/g, ''))
  return a === undefined || b === undefined || isSameNumber(a, b)
}
