import type { Account } from '../accounts/account.ts'
import type { Clock } from '../kernel/clock.ts'
import { isRetryable } from '../kernel/errors.ts'
import { asId, type ChatId } from '../kernel/ids.ts'
import { type Address, addressOfAlias, aliasOf } from '../platforms/wasender/jid.ts'
import { storeKey } from '../state/store/keys.ts'
import type { Chat, Store } from '../state/store/types.ts'
import { contactIfAny } from './merge-chats.ts'
import { isOurs, type Us } from './own.ts'
import { namesOf } from './people.ts'

/**
 * Takes back that one of our own addresses leads to somebody's chat, which could be learned while nobody knew which
 * addresses are ours. Repeatable; throws what may pass by itself, with everything that is not done yet still there.
 */
export type UnlearnOwn = (account: Account, us: Us) => Promise<void>

export function createUnlearnOwn({ store, clock }: { store: Store; clock: Clock }): UnlearnOwn {
  const { aliases, chats } = store

  /** What else leads to the chat may be somebody else's by now; whoever it is tells it again with the next message. */
  async function correct(account: Account, us: Us, id: ChatId): Promise<void> {
    const key = storeKey.chat(account.id, id)
    const chat = await chats.get(key)
    const own = chat === undefined ? undefined : ownNameOf(us, chat)
    if (chat === undefined || own === undefined) return
    await takeNumber(account, us, chat)
    const { phone: _phone, lid: _lid, ...rest } = chat
    const name = asId<ChatId>(aliasOf(own))
    const at = clock.now()
    const corrected = { ...rest, chat: name, ...personOf(own), at }
    await chats.update(storeKey.chat(account.id, name), (current) =>
      name === id || current === undefined ? corrected : undefined,
    )
    if (name !== id) await chats.delete(key)
    if (chat.lid !== undefined) await leadBack(account, id, { kind: 'lid', id: chat.lid })
  }

  /** Forgets that an address leads to this chat, unless the chat is named after it: then that is right. */
  async function leadBack({ id }: Account, chat: ChatId, address: Address): Promise<void> {
    const name = aliasOf(address)
    if (name === chat) return
    await aliases.delete(storeKey.alias(id, name), (alias) => alias.chat === chat)
  }

  return async (account, us) => {
    for (const name of ownNames(us)) {
      const key = storeKey.alias(account.id, name)
      const led = (await aliases.get(key))?.chat ?? asId<ChatId>(name)
      await correct(account, us, led)
      // What leads to another chat goes last: it is how an interrupted run is found again.
      if (led !== name) await aliases.delete(key)
    }
  }
}

function ownNames({ phone, lid }: Us): string[] {
  const digits =
    phone === undefined ? [] : namesOf({ address: { kind: 'phone', digits: phone }, phone })
  return [...digits, ...(lid === undefined ? [] : [aliasOf({ kind: 'lid', id: lid })])]
}

/** Whose chat it is in truth; `undefined` for our chat with ourselves, and for a record that says nothing wrong. */
function ownNameOf(us: Us, { chat, phone, lid }: Chat): Address | undefined {
  const named = addressOfAlias(chat)
  if (named === undefined) return undefined
  if (!isOurs(us, named)) return named
  const other = lid === undefined ? undefined : ({ kind: 'lid', id: lid } as const)
  return phone === undefined || other === undefined || isOurs(us, other) ? undefined : other
}

function personOf(address: Address): Pick<Chat, 'phone' | 'lid'> {
  if (address.kind === 'phone') return { phone: address.digits }
  return address.kind === 'lid' ? { lid: address.id } : {}
}

/** Our number at the contact of somebody else. A Chatwoot that refuses to take it away leaves it to the agents. */
async function takeNumber(account: Account, us: Us, { contactId, inboxId }: Chat): Promise<void> {
  if (inboxId !== account.inboxId) return
  try {
    const contact = await contactIfAny(account, contactId)
    const digits = contact?.phoneNumber?.replace(/\D/g, '')
    if (digits === undefined || !isOurs(us, { kind: 'phone', digits })) return
    await account.chatwoot.contacts.update(contactId, { phoneNumber: '' })
  } catch (error) {
    if (isRetryable(error)) throw error
  }
}
