import type { Account } from '../accounts/account.ts'
import type { Clock } from '../kernel/clock.ts'
import type { AccountId, ChatId, ConversationId } from '../kernel/ids.ts'
import { isNotFound } from '../platforms/chatwoot/client.ts'
import type { ConversationRef } from '../platforms/chatwoot/shapes/message.ts'
import { type Address, addressOfAlias } from '../platforms/wasender/jid.ts'
import { storeKey } from '../state/store/keys.ts'
import type { Chat, Store } from '../state/store/types.ts'
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

/** A chat's record with a conversation in it, before it is stored. */
type Located = Omit<Chat, 'at'> & { conversationId: ConversationId }

/** Asks Chatwoot for the conversation of a chat, and makes what is missing: contact, address, conversation. */
async function locateConversation(
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
type Policy = {
  accepts(status: ConversationRef['status']): Promise<boolean>
  /** Absent: Chatwoot decides. */
  makes?: ConversationRef['status']
}

/**
 * For a new message. With the inbox locked to a single conversation a resolved one is reopened, otherwise it is left alone
 * and a new one is made (option `conversations`).
 */
function policyOf(account: Account): Policy {
  const { conversations: option } = account.options
  return {
    accepts: async (status) =>
      status !== 'resolved' ||
      option === 'reopen' ||
      (option === 'inbox' && (await account.inbox.locksToSingleConversation())),
  }
}

/** For what is no news: it disturbs no conversation, and begins none that somebody has to look after. */
const QUIET: Policy = { accepts: async () => true, makes: 'resolved' }

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
