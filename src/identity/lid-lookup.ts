import type { Account } from '../account.ts'
import { isRetryable } from '../errors.ts'
import { formatJid, parseAddress } from '../wasender/jid.ts'
import type { People, Who } from './people.ts'

/** A gateway that cannot answer must not keep a message back for long: then the LID itself is the identity. */
const PATIENCE = 3

/**
 * Completes someone who is known by LID only with the phone number, asking WasenderAPI once per unknown LID
 * (docs/platforms/wasender.md#people-and-addresses). `attempts` is how often that was tried for the message at hand.
 */
export async function withPhone(
  account: Account,
  people: People,
  who: Who,
  attempts: number,
): Promise<Who> {
  if (who.lid === undefined || who.phone !== undefined) return who
  if ((await people.find(account.id, who)) !== undefined) return who
  try {
    const jid = await account.wasender.contacts.phoneFromLid(
      formatJid({ kind: 'lid', id: who.lid }),
    )
    const address = jid === undefined ? undefined : parseAddress(jid)
    return address?.kind === 'phone' ? { ...who, phone: address.digits } : who
  } catch (error) {
    if (isRetryable(error) && attempts < PATIENCE) throw error
    return who
  }
}
