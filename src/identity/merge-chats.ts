import type { Account } from '../account.ts'
import { isNotFound } from '../chatwoot/client.ts'
import type { ConversationRef } from '../chatwoot/shapes/conversation.ts'
import type { ContactId } from '../ids.ts'
import type { Chat } from '../store/types.ts'
import { baseFirst, contactIfAny, mayUnite, uniteContacts } from './unite-contacts.ts'

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
