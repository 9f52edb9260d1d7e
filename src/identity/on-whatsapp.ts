import type { Account } from '../account.ts'
import { BridgeError, isRetryable } from '../errors.ts'
import { variantsOf } from './phone-variants.ts'

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
