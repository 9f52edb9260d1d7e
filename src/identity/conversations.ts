import type { Account } from '../account.ts'
import type { ConversationRef } from '../chatwoot/shapes/conversation.ts'
import type { Clock } from '../clock.ts'
import type { AccountId, ChatId, ConversationId } from '../ids.ts'
import { storeKey } from '../store/keys.ts'
import type { Chat, Store } from '../store/types.ts'
import type { Address } from '../wasender/jid.ts'
import type { Peer } from './contacts.ts'
import { locateConversation, type Policy, policyOf, QUIET } from './locate-conversation.ts'

/** A chat that has a conversation to write into. */
export type OpenChat = Chat & { conversationId: ConversationId }

/** Which Chatwoot contact and conversation a chat belongs to. */
export type Conversations = {
  /**
   * The conversation for a chat's next message, found or made. Known and open: no call to Chatwoot. `peer` is asked
   * for only when Chatwoot has to be, because naming a group costs a call.
   */
  ensure(account: Account, chat: ChatId, peer: () => Promise<Peer>): Promise<OpenChat>
  /**
   * The same for what should disturb nobody: any conversation of the chat will do, whatever its status. A new one is
   * made resolved.
   */
  ensureQuietly(account: Account, chat: ChatId, peer: () => Promise<Peer>): Promise<OpenChat>
  /** The conversation is gone (404): the next `ensure` finds or makes another. */
  forget(account: AccountId, chat: ChatId, conversationId: ConversationId): Promise<void>
  /** Chatwoot told something about a conversation of the inbox: its status, or whose it is after a merge. */
  heard(account: AccountId, conversation: ConversationRef): Promise<void>
  get(account: AccountId, chat: ChatId): Promise<Chat | undefined>
  /** The chat a conversation belongs to, as far as the bridge knows. What it knows of another inbox says nothing here. */
  byConversation(account: AccountId, conversation: ConversationRef): Promise<Chat | undefined>
  save(chat: Chat): Promise<void>
  /** What agents write in the chat goes to this address of the person from now on. */
  sendTo(
    account: AccountId,
    chat: ChatId,
    address: Extract<Address, { kind: 'phone' | 'lid' }>,
  ): Promise<void>
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

  /** What Chatwoot says of a conversation overrules what the record remembers of it. */
  const follow = (chat: Chat, news: Partial<Pick<Chat, 'contactId' | 'conversationStatus'>>) =>
    chats.update(idOf(chat), (current) =>
      current !== undefined &&
      current.conversationId === chat.conversationId &&
      differs(current, news)
        ? { ...current, ...news, at: clock.now() }
        : undefined,
    )

  async function ensureBy(
    policy: Policy,
    account: Account,
    chat: ChatId,
    peer: () => Promise<Peer>,
  ): Promise<OpenChat> {
    const known = await chats.get(storeKey.chat(account.id, chat))
    if (known?.conversationId !== undefined && known.inboxId === account.inboxId) {
      const status = known.conversationStatus ?? 'open'
      if (status !== 'resolved' || (await policy.accepts('resolved'))) return known as OpenChat
    }
    const located = await locateConversation(account, policy, { chat, known, peer: await peer() })
    const open: OpenChat = { ...located, at: clock.now() }
    await save(open)
    return open
  }

  return {
    save,
    get: (account, chat) => chats.get(storeKey.chat(account, chat)),

    ensure: (account, chat, peer) => ensureBy(policyOf(account), account, chat, peer),

    ensureQuietly: (account, chat, peer) => ensureBy(QUIET, account, chat, peer),

    async sendTo(account, chat, address) {
      const told =
        address.kind === 'phone'
          ? { phone: address.digits, sendTo: address.kind }
          : { lid: address.id, sendTo: address.kind }
      await chats.update(storeKey.chat(account, chat), (current) =>
        current !== undefined && differs(current, told)
          ? { ...current, ...told, at: clock.now() }
          : undefined,
      )
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
      for (const chat of await inInbox(conversation, chats.findBy('conversation', key))) {
        const { contact, status } = conversation
        await follow(chat, { contactId: contact.id, conversationStatus: status })
      }
    },

    async byConversation(account, conversation) {
      const { id, sourceId, contact } = conversation
      const byId = chats.findBy('conversation', storeKey.byConversation(account, id))
      const [direct] = await inInbox(conversation, byId)
      // An agent merged the contact into another one; nothing else tells (docs/platforms/chatwoot.md#merging-contacts).
      if (direct !== undefined) return (await follow(direct, { contactId: contact.id })) ?? direct
      if (sourceId === null) return undefined
      const bySource = chats.findBy('source', storeKey.bySource(account, sourceId))
      return (await inInbox(conversation, bySource))[0]
    },
  }
}

function differs(known: Chat, news: Partial<Chat>): boolean {
  return Object.entries(news).some(([field, value]) => known[field as keyof Chat] !== value)
}

async function inInbox({ inboxId }: ConversationRef, found: Promise<Chat[]>): Promise<Chat[]> {
  return (await found).filter((chat) => chat.inboxId === inboxId)
}
