import type { Account } from '../accounts/account.ts'
import type { Clock } from '../kernel/clock.ts'
import { BridgeError, isRetryable } from '../kernel/errors.ts'
import { type AccountId, asId, type ChatId } from '../kernel/ids.ts'
import { type Address, addressOfAlias, aliasOf, type Who } from '../platforms/wasender/jid.ts'
import { storeKey } from '../state/store/keys.ts'
import type { Alias, Store } from '../state/store/types.ts'

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

/** How numbers of one country may be written with one digit more or less. */
type Variant = {
  /** What the extra digit comes after: country code and, in Brazil, area code. */
  head: string
  /** The digit that may be there or not. */
  extra: string
  tail: string
}

/**
 * WhatsApp ids may drop or add a digit against the number people dial
 * (docs/platforms/wasender.md#people-and-addresses). The tails are as narrow as the numbering plans allow: a Brazilian
 * landline (2 to 5) is not a mobile number without its nine, and taking it for one would write to a stranger.
 */
const VARIANTS: Readonly<Record<'BR' | 'MX' | 'AR', Variant>> = {
  /** The ninth digit: mobile numbers got a 9 in front, accounts that are older do without. */
  BR: { head: '55[1-9][1-9]', extra: '9', tail: '[6-9]\\d{7}' },
  /** The 1 of mobile numbers, gone from dialling since 2019. */
  MX: { head: '52', extra: '1', tail: '[2-9]\\d{9}' },
  /** The 9 of mobile numbers dialled from abroad. */
  AR: { head: '54', extra: '9', tail: '[1-3]\\d{9}' },
}

const RULES = Object.values(VARIANTS).map(({ head, extra, tail }) => ({
  extra,
  pattern: new RegExp(`^(${head})(${extra})?(${tail})$`),
}))

/** Every spelling WhatsApp may have for a number, the given one first. Digits without `+`. */
export function variantsOf(digits: string): string[] {
  for (const { extra, pattern } of RULES) {
    const match = pattern.exec(digits)
    if (match === null) continue
    const [, head = '', present, tail = ''] = match
    return [digits, present === undefined ? `${head}${extra}${tail}` : `${head}${tail}`]
  }
  return [digits]
}

/** Whether two numbers are spellings of one. */
export function isSameNumber(one: string, other: string): boolean {
  return variantsOf(one).includes(other)
}

/**
 * The spelling under which a number is on WhatsApp: the given one or a variant of it; `undefined` when WhatsApp knows
 * none of them. Digits without `+`.
 *
 * The gateway's "no" was seen to be wrong (docs/platforms/wasender.md#people-and-addresses), so it counts only when
 * every spelling gets it. A look-up that is refused for good says nothing about the number: then it is taken as it was
 * given, and the send itself tells. Hand the answer to `people.resolve`: from then on every spelling leads to that chat,
 * and nothing is asked again.
 *
 * @throws {TransientError} when the gateway cannot answer now.
 */
export async function findOnWhatsapp(
  account: Account,
  digits: string,
): Promise<string | undefined> {
  let isCertain = true
  for (const spelling of variantsOf(digits)) {
    const answer = await ask(account, spelling)
    if (answer === true) return spelling
    if (answer === undefined) isCertain = false
  }
  return isCertain ? undefined : digits
}

/** `undefined` when the gateway refuses to look the number up. */
async function ask(account: Account, digits: string): Promise<boolean | undefined> {
  try {
    return await account.wasender.contacts.onWhatsapp(digits)
  } catch (error) {
    if (!(error instanceof BridgeError) || isRetryable(error)) throw error
    // Some refuse the question instead of saying no (docs/platforms/wasender.md#people-and-addresses).
    return error.code === 'wasender.not_on_whatsapp' ? false : undefined
  }
}
