import type { Account } from '../account.ts'
import { isNotFound } from '../chatwoot/client.ts'
import type { ConversationRef } from '../chatwoot/shapes/conversation.ts'
import type { ChatId, ConversationId } from '../ids.ts'
import type { Chat } from '../store/types.ts'
import { addressOfAlias } from '../wasender/jid.ts'
import { type ContactInInbox, findOrCreateContact, type Peer } from './contacts.ts'

/** A chat's record with a conversation in it, before it is stored. */
export type Located = Omit<Chat, 'at'> & { conversationId: ConversationId }

/** Asks Chatwoot for the conversation of a chat, and makes what is missing: contact, address, conversation. */
export async function locateConversation(
  account: Account,
  policy: Policy,
  { chat, known, peer: given }: { chat: ChatId; known: Chat | undefined; peer: Peer },
): Promise<Located> {
  const peer = completed(chat, given, known)
  const found = await contactWithConversations(account, known, peer)
  const usable = await usableOf(account, policy, found.conversations)
  const conversation =
    usable ??
    (await account.chatwoot.conversations.create({
      inboxId: account.inboxId,
      contactId: found.contactId,
      sourceId: found.sourceId,
      additionalAttributes: { whatsapp_chat: chat },
      ...(policy.makes === undefined ? {} : { status: policy.makes }),
    }))
  return {
    ...known,
    ...(found.created ? { nameSet: peer.name } : {}),
    ...(peer.phone === undefined ? {} : { phone: peer.phone }),
    ...(peer.lid === undefined ? {} : { lid: peer.lid }),
    account: account.id,
    chat,
    inboxId: account.inboxId,
    contactId: found.contactId,
    sourceId: found.sourceId,
    conversationId: conversation.id,
    conversationStatus: conversation.status,
  }
}

/**
 * A message may name fewer addresses than are known. A crash may have come between the contact and the record: then the
 * number is in the name of the chat alone.
 */
function completed(chat: ChatId, peer: Peer, known: Chat | undefined): Peer {
  const named = addressOfAlias(chat)
  const phone = known?.phone ?? (named?.kind === 'phone' ? named.digits : undefined)
  return {
    ...(phone === undefined ? {} : { phone }),
    ...(known?.lid === undefined ? {} : { lid: known.lid }),
    ...peer,
  }
}

type Found = ContactInInbox & { conversations: ConversationRef[] }

/** The contact and its conversations, newest first. A contact that was deleted in Chatwoot is made anew. */
async function contactWithConversations(
  account: Account,
  known: Chat | undefined,
  peer: Peer,
): Promise<Found> {
  if (known !== undefined && known.inboxId === account.inboxId) {
    try {
      const conversations = await account.chatwoot.contacts.conversations(known.contactId)
      return { contactId: known.contactId, sourceId: known.sourceId, created: false, conversations }
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
  const contact = await findOrCreateContact(account, peer)
  const conversations = contact.created
    ? []
    : await account.chatwoot.contacts.conversations(contact.contactId)
  return { ...contact, conversations }
}

/** Which conversations may take a message, and what one is like that has to be made. */
export type Policy = {
  accepts(status: ConversationRef['status']): Promise<boolean>
  /** Absent: Chatwoot decides. */
  makes?: ConversationRef['status']
}

/**
 * For a new message. With the inbox locked to a single conversation a resolved one is reopened, otherwise it is left alone
 * and a new one is made (option `conversations`).
 */
export function policyOf(account: Account): Policy {
  const { conversations: option } = account.options
  return {
    accepts: async (status) =>
      status !== 'resolved' ||
      option === 'reopen' ||
      (option === 'inbox' && (await account.inbox.locksToSingleConversation())),
  }
}

/** For what is no news: it disturbs no conversation, and begins none that somebody has to look after. */
export const QUIET: Policy = { accepts: async () => true, makes: 'resolved' }

async function usableOf(
  account: Account,
  policy: Policy,
  conversations: readonly ConversationRef[],
): Promise<ConversationRef | undefined> {
  for (const candidate of conversations) {
    const isOurs = candidate.inboxId === account.inboxId
    if (isOurs && (await policy.accepts(candidate.status))) return candidate
  }
  return undefined
}
