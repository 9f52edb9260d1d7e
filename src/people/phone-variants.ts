import type { Account } from '../accounts/account.ts'
import { BridgeError, isRetryable } from '../kernel/errors.ts'

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
