import type { Account } from '../accounts/account.ts'
import type { Clock } from '../kernel/clock.ts'
import { type AccountId, asId, type ChatId } from '../kernel/ids.ts'
import type { Who } from '../platforms/wasender/jid.ts'
import { storeKey } from '../state/store/keys.ts'
import type { Chat, Store } from '../state/store/types.ts'
import { giveNumber } from './contacts.ts'
import { contactIfAny, mergeChats } from './merge-chats.ts'
import { isSameNumber, namesOf, type People } from './people.ts'

/**
 * The chat of someone, with everything that is learned on the way: addresses that lead to it, and other chats of the same
 * person, which become part of it here and in Chatwoot.
 *
 * Takes the place of `people.resolve` where a lane is worked on, after `withPhone` and before anything is looked up by
 * the chat:
 *
 * ```ts
 * const who = await withPhone(account, people, addresses, entry.attempts)
 * const chat = await settle(account, who)
 * ```
 *
 * May call Chatwoot, so never in a webhook route. Throws what Chatwoot's client throws; repeating it is safe. A message
 * that was queued under an old name of the person needs nothing: settled, it finds the chat that stayed.
 */
export type ResolveChat = (account: Account, who: Who) => Promise<ChatId>

export function createResolveChat(deps: {
  people: People
  store: Store
  clock: Clock
}): ResolveChat {
  const joined = createJoinedChats(deps)
  return async (account, who) => {
    const chat = await deps.people.resolve(account.id, who)
    await joined.join(account, chat, who)
    return chat
  }
}

/** Brings what was learned of a person to the chat's record and to Chatwoot. */
type JoinedChats = {
  /**
   * Makes everything that is filed under another name of the person a part of this chat. Nothing new known: one look at
   * the store. To be called by whoever works on a lane, never by a webhook route.
   */
  join(account: Account, chat: ChatId, who: Who): Promise<void>
}

/**
 * A person may be met as a LID and as a phone number before anything says that both are one, and then has two chats,
 * contacts and conversations. The record of the other chat goes last and the addresses are noted last, so that whatever
 * interrupts a merge, the next message of the person does it again.
 */
function createJoinedChats({ store, clock }: { store: Store; clock: Clock }): JoinedChats {
  const { chats, links } = store
  const get = (account: AccountId, chat: ChatId) => chats.get(storeKey.chat(account, chat))

  /** Sends without a WhatsApp id yet: their echo will be looked for in the chat that stays. */
  async function moveOpenSends(account: AccountId, from: ChatId, to: ChatId): Promise<void> {
    for (const link of await links.findBy('open', storeKey.byChat(account, from))) {
      if (link.direction === 'in') continue
      const id = storeKey.outboundLink(account, link.messageId, link.part)
      await links.update(id, (current) =>
        current?.chat === from ? { ...current, chat: to } : undefined,
      )
    }
  }

  async function absorb(account: Account, chat: ChatId, other: Chat): Promise<void> {
    await moveOpenSends(account.id, other.chat, chat)
    const mine = inInbox(account, await get(account.id, chat))
    const theirs = inInbox(account, other)
    if (theirs !== undefined) {
      const merged = mine === undefined ? theirs : await mergeChats(account, mine, theirs)
      if (merged === undefined) return
      await chats.put(storeKey.chat(account.id, chat), { ...merged, chat, at: clock.now() })
    }
    await chats.delete(storeKey.chat(account.id, other.chat))
  }

  /** The number goes to the contact that lacks it, then both addresses to the record. */
  async function learn(account: Account, known: Chat, who: Who): Promise<void> {
    const isNumberNew = known.phone === undefined && who.phone !== undefined
    const contact = isNumberNew ? await contactIfAny(account, known.contactId) : undefined
    const found = contact && (await giveNumber(account, contact, who.phone))
    await chats.update(storeKey.chat(account.id, known.chat), (current) =>
      current === undefined
        ? undefined
        : {
            ...current,
            ...(found === undefined ? {} : { contactId: found.id }),
            ...addressesOf({ ...who, phone: spellingOf(current, who) }),
            at: clock.now(),
          },
    )
  }

  return {
    async join(account, chat, who) {
      const known = await get(account.id, chat)
      if (!isNews(known, who)) return
      const whole = { ...addressesOf(known ?? {}), ...who }
      const names = namesOf(whole).map((name) => asId<ChatId>(name))
      for (const name of names.filter((candidate) => candidate !== chat)) {
        const other = await get(account.id, name)
        if (other !== undefined && isSamePerson(other, whole)) await absorb(account, chat, other)
      }
      const mine = inInbox(account, await get(account.id, chat))
      if (mine !== undefined) await learn(account, mine, who)
    },
  }
}

/** A person the record does not know by all of these addresses yet. Groups and channels have nothing to learn. */
function isNews(known: Chat | undefined, { phone, lid }: Who): boolean {
  if (phone === undefined && lid === undefined) return false
  return (
    (phone !== undefined && phone !== known?.phone) || (lid !== undefined && lid !== known?.lid)
  )
}

/** After the configuration was changed to another inbox, a record speaks of contacts of the old one. */
function inInbox(account: Account, chat: Chat | undefined): Chat | undefined {
  return chat?.inboxId === account.inboxId ? chat : undefined
}

/** A LID that moved to another number does not make its two numbers one person. */
function isSamePerson(other: Chat, { phone }: Who): boolean {
  return other.phone === undefined || phone === undefined || isSameNumber(other.phone, phone)
}

/**
 * The spelling to send to. WhatsApp's own comes with the LID; a number alone may be the echo of a send, which repeats the
 * spelling that the send had.
 */
function spellingOf(known: Chat, { phone, lid }: Who): string | undefined {
  if (known.phone === undefined || phone === undefined || lid !== undefined) return phone
  return isSameNumber(known.phone, phone) ? known.phone : phone
}

type Addresses = { phone?: string | undefined; lid?: string | undefined }

function addressesOf({ phone, lid }: Addresses): Pick<Who, 'phone' | 'lid'> {
  return { ...(phone === undefined ? {} : { phone }), ...(lid === undefined ? {} : { lid }) }
}
