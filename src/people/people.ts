import type { Clock } from '../kernel/clock.ts'
import { type AccountId, asId, type ChatId } from '../kernel/ids.ts'
import { type Address, addressOfAlias, aliasOf, type Who } from '../platforms/wasender/jid.ts'
import { storeKey } from '../state/store/keys.ts'
import type { Alias, Store } from '../state/store/types.ts'
import { variantsOf } from './phone-variants.ts'

/**
 * One person, one chat. A person may write from a phone number, from a LID or from either, and a number may have two
 * spellings; every address that was ever seen together with another leads to the same chat
 * (docs/platforms/wasender.md#people-and-addresses).
 */
export type People = {
  /**
   * The chat of someone, learning every address that came along. When two chats turn out to be one person, all addresses
   * lead to the one with the number from now on; `createMerges` brings the rest together.
   */
  resolve(account: AccountId, who: Who): Promise<ChatId>
  /** The chat of someone, without learning anything; `undefined` for a stranger. */
  find(account: AccountId, who: Who): Promise<ChatId | undefined>
  /** What of somebody's addresses counts: none of ours, as far as they are known by now. */
  apart(account: AccountId, who: Who): Who
}

/** Keeps us apart from others: an address of our own never leads to somebody else's chat, and is never learned for one. */
type Apart = {
  without(account: AccountId, who: Who): Who
  isOurs(account: AccountId, address: Address): boolean
}

export function createPeople({
  store,
  clock,
  own,
}: {
  store: Store
  clock: Clock
  own: Apart | undefined
}): People {
  const { aliases } = store

  async function lookUp(account: AccountId, who: Who) {
    const names = namesOf(who)
    const found = await Promise.all(names.map((name) => aliases.get(storeKey.alias(account, name))))
    const isRight = ({ chat }: Alias) => !leadsToUs(account, who, chat)
    return {
      names,
      found,
      chat: found.find((alias) => alias !== undefined && isRight(alias))?.chat,
    }
  }

  /** Filed under our own address while nobody knew whose it is. */
  function leadsToUs(account: AccountId, { address }: Who, chat: ChatId): boolean {
    const named = addressOfAlias(chat)
    if (own === undefined || named === undefined) return false
    return own.isOurs(account, named) && !own.isOurs(account, address)
  }

  const apart = (account: AccountId, who: Who) => own?.without(account, who) ?? who

  return {
    apart,
    async resolve(account, given) {
      const who = apart(account, given)
      const { names, found, chat: known } = await lookUp(account, who)
      const seen = aliasesOf(who)
      const chat = known ?? asId<ChatId>(seen[0] as string)
      const learned: Promise<void>[] = []
      for (const [index, name] of names.entries()) {
        const alias = found[index]
        // A spelling nobody used yet is found by its variant; writing it down would tell nothing.
        if (alias?.chat === chat || (alias === undefined && !seen.includes(name))) continue
        const next: Alias = { ...alias, account, chat, at: clock.now() }
        learned.push(aliases.put(storeKey.alias(account, name), next))
      }
      await Promise.all(learned)
      return chat
    },
    find: async (account, who) => (await lookUp(account, apart(account, who))).chat,
  }
}

/**
 * The names someone goes by, the best one first: what WhatsApp calls a phone number outlives a LID in agents' eyes,
 * so a chat that starts with both is named after the number.
 */
export function aliasesOf(who: Who): string[] {
  const names = [
    ...(who.phone === undefined ? [] : [aliasOf({ kind: 'phone', digits: who.phone })]),
    ...(who.lid === undefined ? [] : [aliasOf({ kind: 'lid', id: who.lid })]),
  ]
  return names.length > 0 ? names : [aliasOf(who.address)]
}

/** Those names and the other spellings of the number, in the order of {@link aliasesOf}. */
export function namesOf(who: Who): string[] {
  const [, ...others] = who.phone === undefined ? [] : variantsOf(who.phone)
  const spelled = others.map((digits) => aliasOf({ kind: 'phone', digits }))
  const [first = '', ...rest] = aliasesOf(who)
  return [first, ...spelled, ...rest]
}
