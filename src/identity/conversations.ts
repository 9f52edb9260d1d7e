import type { Account } from '../account.ts'
import { isNotFound } from '../chatwoot/client.ts'
import type { ConversationRef } from '../chatwoot/shapes/conversation.ts'
import type { Clock } from '../clock.ts'
import type { AccountId, ChatId, ConversationId } from '../ids.ts'
import { storeKey } from '../store/keys.ts'
import type { Chat, Store } from '../store/types.ts'
import { type ContactInInbox, findOrCreateContact, type Peer } from './contacts.ts'

/** A chat that has a conversation to write into. */
export type OpenChat = Chat & { conversationId: ConversationId }

/** Which Chatwoot contact and conversation a chat belongs to. */
export type Conversations = {
  /**
   * The conversation for a chat's next message, found or made. Known and open: no call to Chatwoot. `peer` is asked
   * for only when Chatwoot has to be, because naming a group costs a call.
   */
  ensure(account: Account, chat: ChatId, peer: () => Promise<Peer>): Promise<OpenChat>
  /** The conversation is gone (404): the next `ensure` finds or makes another. */
  forget(account: AccountId, chat: ChatId, conversationId: ConversationId): Promise<void>
  /** Chatwoot told something about a conversation of the inbox. */
  heard(account: AccountId, conversation: ConversationRef): Promise<void>
  get(account: AccountId, chat: ChatId): Promise<Chat | undefined>
  /** The chat a conversation belongs to, as far as the bridge knows. */
  byConversation(account: AccountId, conversation: ConversationRef): Promise<Chat | undefined>
  save(chat: Chat): Promise<void>
}

export function createConversations({
  store,
  clock,
}: {
  store: Store
  clock: Clock
}): Conversations {
  const { chats } = store
  const idOf = (chat: Pick<Chat, 'account' | 'chat'>) => storeKey.chat(chat.account, chat.chat)
  const save = (chat: Chat) => chats.put(idOf(chat), { ...chat, at: clock.now() })

  async function locate(account: Account, chat: ChatId, known: Chat | undefined, peer: Peer) {
    const found = await contactWithConversations(account, known, peer)
    const policy = await policyOf(account)
    const usable = found.conversations.find(
      (candidate) => candidate.inboxId === account.inboxId && policy.accepts(candidate.status),
    )
    const conversation =
      usable ??
      (await account.chatwoot.conversations.create({
        inboxId: account.inboxId,
        contactId: found.contactId,
        sourceId: found.sourceId,
        additionalAttributes: { whatsapp_chat: chat },
      }))
    const open: OpenChat = {
      ...(known?.nameSet === undefined ? {} : { nameSet: known.nameSet }),
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
      at: clock.now(),
    }
    await save(open)
    return open
  }

  return {
    save,
    get: (account, chat) => chats.get(storeKey.chat(account, chat)),

    async ensure(account, chat, peer) {
      const known = await chats.get(storeKey.chat(account.id, chat))
      if (known?.conversationId !== undefined && known.inboxId === account.inboxId) {
        const status = known.conversationStatus ?? 'open'
        if (status !== 'resolved' || (await policyOf(account)).accepts('resolved')) {
          return known as OpenChat
        }
      }
      return locate(account, chat, known, await peer())
    },

    async forget(account, chat, conversationId) {
      await chats.update(storeKey.chat(account, chat), (current) => {
        if (current?.conversationId !== conversationId) return undefined
        const { conversationId: _gone, conversationStatus: _status, ...rest } = current
        return { ...rest, at: clock.now() }
      })
    },

    async heard(account, conversation) {
      const key = storeKey.byConversation(account, conversation.id)
      for (const chat of await chats.findBy('conversation', key)) {
        await chats.update(idOf(chat), (current) =>
          current?.conversationId === conversation.id &&
          current.conversationStatus !== conversation.status
            ? { ...current, conversationStatus: conversation.status, at: clock.now() }
            : undefined,
        )
      }
    },

    async byConversation(account, { id, sourceId }) {
      const [direct] = await chats.findBy('conversation', storeKey.byConversation(account, id))
      if (direct !== undefined || sourceId === null) return direct
      return (await chats.findBy('source', storeKey.bySource(account, sourceId)))[0]
    },
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

/**
 * Which conversations may take a new message. With the inbox locked to a single conversation a resolved one is
 * reopened, otherwise it is left alone and a new one is made (option `conversations`).
 */
async function policyOf(account: Account) {
  const { conversations: option } = account.options
  const reopens =
    option === 'reopen' || (option === 'inbox' && (await account.inbox.locksToSingleConversation()))
  return { accepts: (status: ConversationRef['status']) => reopens || status !== 'resolved' }
}
