import type { Account } from '../account.ts'
import { storeKey } from '../store/keys.ts'
import type { Store } from '../store/types.ts'
import { formatJid, parseAddress } from '../wasender/jid.ts'
import type { OwnIdentity } from './own.ts'
import type { People } from './people.ts'

/** The digits of the number that WasenderAPI knows for a LID, as far as it is certain that it is theirs. */
export type NumberOfLid = (account: Account, lid: string) => Promise<string | undefined>

/**
 * Asks for a number while no message is there that would tell. So it has to be somebody else's than ours; and one that is
 * known with another LID may have belonged to somebody else before: then the gateway has to say the same the other way
 * round.
 */
export function createNumberOfLid(deps: {
  people: Pick<People, 'find'>
  own: Pick<OwnIdentity, 'isSomebodyElses'>
  store: Pick<Store, 'chats'>
}): NumberOfLid {
  const { people, own, store } = deps

  async function lidKnownFor(account: Account, phone: string): Promise<string | undefined> {
    const address = { kind: 'phone', digits: phone } as const
    const chat = await people.find(account.id, { address, phone })
    return chat && (await store.chats.get(storeKey.chat(account.id, chat)))?.lid
  }

  async function isTheirs(account: Account, phone: string, lid: string): Promise<boolean> {
    if (!(await own.isSomebodyElses(account, { kind: 'phone', digits: phone }))) return false
    const known = await lidKnownFor(account, phone)
    if (known === undefined || known === lid) return true
    const told = addressIn(await account.wasender.contacts.lidFromPhone(phone))
    return told?.kind === 'lid' && told.id === lid
  }

  return async (account, lid) => {
    const jid = formatJid({ kind: 'lid', id: lid })
    const told = addressIn(await account.wasender.contacts.phoneFromLid(jid))
    if (told?.kind !== 'phone') return undefined
    return (await isTheirs(account, told.digits, lid)) ? told.digits : undefined
  }
}

const addressIn = (jid: string | undefined) => (jid === undefined ? undefined : parseAddress(jid))
