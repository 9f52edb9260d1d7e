import type { Account } from '../../accounts/account.ts'
import {
  createContactNames,
  createKnownNames,
  type NameNews,
} from '../../bridge/inbound/known-names.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { ChatId } from '../../kernel/ids.ts'
import { type ContactInInbox, findOrCreateContact, type Peer } from '../../people/contacts.ts'
import { contactIfAny } from '../../people/merge-chats.ts'
import { peerOf } from '../../people/peer.ts'
import type { People } from '../../people/people.ts'
import { createResolveChat } from '../../people/resolve-chat.ts'
import type { WhatsappContact } from '../../platforms/wasender/contacts.ts'
import { type Address, parseAddress, type Who } from '../../platforms/wasender/jid.ts'
import { storeKey } from '../../state/store/keys.ts'
import type { Chat, Store } from '../../state/store/types.ts'
import type { SkipReason } from './progress.ts'

/** What a contact came to. */
export type Brought = { chat: ChatId; result: 'created' | 'linked' | 'unchanged' }

/**
 * Makes somebody of WhatsApp's list a contact of the inbox, found and filed exactly as for a message of theirs, so that
 * their first message lands there. Repeatable at every step.
 */
export function createBringContact(deps: { store: Store; people: People; clock: Clock }) {
  const { store, clock } = deps
  const resolveChat = createResolveChat(deps)
  const names = createKnownNames(deps)
  const contactNames = createContactNames(deps)

  /** A message that came meanwhile has filed the chat itself, with its conversation. */
  async function file(record: Chat): Promise<void> {
    await store.chats.update(storeKey.chat(record.account, record.chat), (current) => {
      const isThere = current?.contactId === record.contactId && current.inboxId === record.inboxId
      return isThere ? undefined : record
    })
  }

  async function bring(account: Account, chat: ChatId, who: Who): Promise<Brought> {
    const known = await store.chats.get(storeKey.chat(account.id, chat))
    if (await isInPlace(account, known)) return { chat, result: 'unchanged' }
    const whole = { ...personOf(known), ...who }
    const peer = await peerOf(account, whole, await names.find(account, who))
    const found = await findOrCreateContact(account, peer, 'throw')
    await file(recordOf(account, chat, { peer, found, at: clock.now() }))
    return { chat, result: found.created ? 'created' : 'linked' }
  }

  return async (account: Account, { who, names: news }: Candidate): Promise<Brought> => {
    const chat = await resolveChat(account, who)
    await names.learn(account, chat, who, news)
    const brought = await bring(account, chat, who)
    const name = await names.find(account, who)
    if (name !== undefined) await contactNames.offer(account, chat, name)
    return brought
  }
}

/** Whether the contact is where the record says. Deleted ones are made anew. */
export async function isInPlace(account: Account, known: Chat | undefined): Promise<boolean> {
  if (known === undefined || known.inboxId !== account.inboxId) return false
  return (await contactIfAny(account, known.contactId)) !== undefined
}

/** The chat's record, without a conversation: the first message opens one. */
function recordOf(
  { id, inboxId }: Account,
  chat: ChatId,
  { peer, found, at }: { peer: Peer; found: ContactInInbox; at: number },
): Chat {
  const { contactId, sourceId, created } = found
  const named = created ? { nameSet: peer.name } : {}
  return { account: id, chat, inboxId, contactId, sourceId, ...personOf(peer), ...named, at }
}

function personOf(known: Partial<Pick<Chat, 'phone' | 'lid'>> = {}): Pick<Chat, 'phone' | 'lid'> {
  const { phone, lid } = known
  return { ...(phone === undefined ? {} : { phone }), ...(lid === undefined ? {} : { lid }) }
}

/** A person of WhatsApp's list, in the bridge's terms. */
export type Candidate = { who: Who; names: NameNews }

/** Addresses of what is no person. */
const NOBODY: Readonly<Record<Exclude<Address['kind'], 'phone' | 'lid'>, SkipReason>> = {
  group: 'group',
  newsletter: 'channel',
  broadcast: 'channel',
  status: 'channel',
}

/** Reads a row of the list, which also holds groups and channels. */
export function candidateOf(contact: WhatsappContact): Candidate | { skip: SkipReason } {
  const address = parseAddress(contact.jid)
  if (address === undefined) return { skip: 'unreadable' }
  const names = { saved: contact.name, own: contact.verifiedName ?? contact.notify }
  switch (address.kind) {
    case 'phone':
      return { who: { address, phone: address.digits, ...lidIn(contact) }, names }
    case 'lid':
      return { who: { address, lid: address.id }, names }
    default:
      return { skip: NOBODY[address.kind] }
  }
}

function lidIn({ lid }: WhatsappContact): Pick<Who, 'lid'> {
  const address = lid === undefined ? undefined : parseAddress(lid)
  return address?.kind === 'lid' ? { lid: address.id } : {}
}
