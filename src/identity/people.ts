import type { Clock } from '../clock.ts'
import { type AccountId, asId, type ChatId } from '../ids.ts'
import { storeKey } from '../store/keys.ts'
import type { Alias, Store } from '../store/types.ts'
import { type Address, aliasOf } from '../wasender/jid.ts'

/** All that is known of who a chat is with. For a person the phone number, the LID or both. */
export type Who = {
  address: Address
  /** Digits. */
  phone?: string
  lid?: string
}

/**
 * One person, one chat. A person may write from a phone number, from a LID or from either; every address that
 * was ever seen together with another leads to the same chat (wasender-api.md, section 10, identity rule).
 */
export type People = {
  /** The chat of someone, learning every address that came along. */
  resolve(account: AccountId, who: Who): Promise<ChatId>
  /** The chat of someone, without learning anything; `undefined` for a stranger. */
  find(account: AccountId, who: Who): Promise<ChatId | undefined>
}

export function createPeople({ store, clock }: { store: Store; clock: Clock }): People {
  const { aliases } = store

  async function lookUp(account: AccountId, who: Who) {
    const names = aliasesOf(who)
    const found = await Promise.all(names.map((name) => aliases.get(storeKey.alias(account, name))))
    return { names, found, chat: found.find((alias) => alias !== undefined)?.chat }
  }

  return {
    async resolve(account, who) {
      const { names, found, chat: known } = await lookUp(account, who)
      const chat = known ?? asId<ChatId>(names[0] as string)
      const learned: Promise<void>[] = []
      for (const [index, name] of names.entries()) {
        if (found[index]?.chat === chat) continue
        const alias: Alias = { account, chat, at: clock.now() }
        learned.push(aliases.put(storeKey.alias(account, name), alias))
      }
      await Promise.all(learned)
      return chat
    },
    find: async (account, who) => (await lookUp(account, who)).chat,
  }
}

/**
 * Every name of someone, the best one first: what WhatsApp calls a phone number outlives a LID in agents' eyes,
 * so a chat that starts with both is named after the number.
 */
export function aliasesOf(who: Who): string[] {
  const names = [
    ...(who.phone === undefined ? [] : [aliasOf({ kind: 'phone', digits: who.phone })]),
    ...(who.lid === undefined ? [] : [aliasOf({ kind: 'lid', id: who.lid })]),
  ]
  return names.length > 0 ? names : [aliasOf(who.address)]
}
