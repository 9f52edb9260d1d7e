import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import { createContactNames } from '../delivery/inbound/contact-names.ts'
import { createKnownNames } from '../delivery/inbound/known-names.ts'
import { type ContactInInbox, findOrCreateContact, type Peer } from '../identity/contacts.ts'
import { peerOf } from '../identity/peer.ts'
import type { People, Who } from '../identity/people.ts'
import { createSettle } from '../identity/settle.ts'
import { contactIfAny } from '../identity/unite-contacts.ts'
import type { ChatId } from '../ids.ts'
import { storeKey } from '../store/keys.ts'
import type { Chat, Store } from '../store/types.ts'
import type { Candidate } from './candidate.ts'

/** What a contact came to. */
export type Brought = { chat: ChatId; result: 'created' | 'linked' | 'unchanged' }

/**
 * Makes somebody of WhatsApp's list a contact of the inbox, found and filed exactly as for a message of theirs, so that
 * their first message lands there. Repeatable at every step.
 */
export function createBringContact(deps: { store: Store; people: People; clock: Clock }) {
  const { store, clock } = deps
  const settle = createSettle(deps)
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
    const chat = await settle(account, who)
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
