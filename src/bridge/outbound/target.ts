import type { Account } from '../../accounts/account.ts'
import { asId, type ChatId, type Jid } from '../../kernel/ids.ts'
import type { Conversations } from '../../people/conversations.ts'
import { writtenAddress } from '../../people/other-addresses.ts'
import { findOnWhatsapp, type People } from '../../people/people.ts'
import type { ConversationRef } from '../../platforms/chatwoot/shapes/message.ts'
import {
  type Address,
  addressOfAlias,
  formatJid,
  parseAddress,
  type Who,
} from '../../platforms/wasender/jid.ts'
import type { Chat } from '../../state/store/types.ts'

/** Where an agent's message goes. */
export type Target = {
  chat: ChatId
  /** As WasenderAPI takes it: `+15550001111`, or a JID. */
  to: string
}

/** Why nobody can be reached; a key of the texts about failures. */
type Unreachable = 'noAddress' | 'notOnWhatsapp'

type TargetDeps = { conversations: Conversations; people: People }

/**
 * Finds out whom a conversation is with: from what the bridge remembers of it, else from the contact's number or
 * identifier, else from a source id the bridge could have made. Somebody nobody has written with yet is looked up on
 * WhatsApp first, since the gateway takes messages to any number.
 */
export async function targetOf(
  account: Account,
  conversation: ConversationRef,
  deps: TargetDeps,
): Promise<Target | { unreachable: Unreachable }> {
  const known = await deps.conversations.byConversation(account.id, conversation)
  if (known !== undefined) {
    await follow(conversation, known, deps.conversations)
    return { chat: known.chat, to: addressOf(known) }
  }
  const who = strangerOf(conversation)
  if (who === undefined) return { unreachable: 'noAddress' }
  return newTarget(account, conversation, who, deps)
}

/** A chat that starts here and now, as far as this conversation is concerned. */
async function newTarget(
  account: Account,
  conversation: ConversationRef,
  given: Who,
  { conversations, people }: TargetDeps,
): Promise<Target | { unreachable: Unreachable }> {
  const who = (await isAcquainted(account, given, { conversations, people }))
    ? given
    : await onWhatsapp(account, given)
  if (who === undefined) return { unreachable: 'notOnWhatsapp' }
  const chat = await people.resolve(account.id, who)
  const known = await conversations.get(account.id, chat)
  await adopt(account, conversation, chat, who, conversations)
  // The spelling that messages came from is the one WhatsApp knows.
  return { chat, to: known === undefined ? addressee(who) : addressOf(known) }
}

/** Somebody the bridge has carried messages for is on WhatsApp. */
async function isAcquainted(account: Account, who: Who, deps: TargetDeps): Promise<boolean> {
  const chat = await deps.people.find(account.id, who)
  return chat !== undefined && (await deps.conversations.get(account.id, chat)) !== undefined
}

/** The person under the spelling of their number that WhatsApp knows; `undefined` when it knows none. */
async function onWhatsapp(account: Account, who: Who): Promise<Who | undefined> {
  if (who.phone === undefined) return who
  const digits = await findOnWhatsapp(account, who.phone)
  return digits === undefined
    ? undefined
    : { ...who, phone: digits, address: { kind: 'phone', digits } }
}

/**
 * A number is written as agents know it; everything else is reached by its JID (docs/platforms/wasender.md#sending).
 */
function addressee(who: Who): string {
  if (who.phone !== undefined) return writtenAddress({ kind: 'phone', digits: who.phone })
  return writtenAddress(who.lid === undefined ? who.address : { kind: 'lid', id: who.lid })
}

/** By number where one is known, unless WhatsApp has refused that one. */
function addressOf(chat: Chat): string {
  const { lid, sendTo } = chat
  if (sendTo === 'lid' && lid !== undefined) return writtenAddress({ kind: 'lid', id: lid })
  return addressee(whoOf(chat))
}

function whoOf(chat: Chat): Who {
  const address = addressOfAlias(chat.chat) ?? { kind: 'status' as const }
  return {
    address,
    ...personIn(address),
    ...(chat.phone === undefined ? {} : { phone: chat.phone }),
    ...(chat.lid === undefined ? {} : { lid: chat.lid }),
  }
}

/** A conversation that was started in Chatwoot, so the bridge has never seen the chat. */
function strangerOf({ contact, sourceId }: ConversationRef): Who | undefined {
  const candidates = [contact.phoneNumber, contact.identifier, sourceAddress(sourceId)]
  for (const candidate of candidates) {
    const address = candidate === undefined ? undefined : parseAddress(candidate)
    if (address !== undefined) return { address, ...personIn(address) }
  }
  return undefined
}

function personIn(address: Address): Pick<Who, 'phone' | 'lid'> {
  if (address.kind === 'phone') return { phone: address.digits }
  return address.kind === 'lid' ? { lid: address.id } : {}
}

/** Reads a source id the way the bridge writes them; a random UUID of Chatwoot's is none. */
function sourceAddress(sourceId: string | null): string | undefined {
  if (sourceId === null) return undefined
  const named = /^(lid|group|newsletter|broadcast)-(.+)$/.exec(sourceId)
  if (named === null) return sourceId
  const address = addressOfAlias(`${named[1]}:${named[2]}`)
  return address === undefined ? undefined : formatJid(address)
}

/** The conversation an agent writes in is where the customer's answer belongs, even when it is not the last one. */
async function follow(conversation: ConversationRef, known: Chat, conversations: Conversations) {
  if (known.conversationId === conversation.id) return
  const { id, status } = conversation
  await conversations.save({ ...known, conversationId: id, conversationStatus: status })
}

/** Remembers the conversation the agent started, random source id and all, so that the answer lands there. */
async function adopt(
  account: Account,
  conversation: ConversationRef,
  chat: ChatId,
  who: Who,
  conversations: Conversations,
): Promise<void> {
  const { sourceId } = conversation
  if (sourceId === null) return
  const known = await conversations.get(account.id, chat)
  await conversations.save({
    ...known,
    account: account.id,
    chat,
    inboxId: conversation.inboxId,
    contactId: conversation.contact.id,
    sourceId: asId(sourceId),
    conversationId: conversation.id,
    conversationStatus: conversation.status,
    ...(known?.phone !== undefined || who.phone === undefined ? {} : { phone: who.phone }),
    ...(known?.lid !== undefined || who.lid === undefined ? {} : { lid: who.lid }),
    at: 0,
  })
}

/** The JID of a chat as WasenderAPI's routes take it: by number where one is known; `undefined` for nobody's chat. */
export function jidOf({ chat, phone, lid }: Pick<Chat, 'chat' | 'phone' | 'lid'>): Jid | undefined {
  if (phone !== undefined) return formatJid({ kind: 'phone', digits: phone })
  if (lid !== undefined) return formatJid({ kind: 'lid', id: lid })
  const address = addressOfAlias(chat)
  return address === undefined ? undefined : formatJid(address)
}
