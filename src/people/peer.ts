import type { Account } from '../accounts/account.ts'
import { BridgeError } from '../kernel/errors.ts'
import { formatJid, type Who } from '../platforms/wasender/jid.ts'
import { displayName, type Peer } from './contacts.ts'

/** Who to show in Chatwoot for a chat. A person without a name is shown by number, as on the phone. */
export async function peerOf(
  account: Account,
  who: Who,
  pushName: string | undefined,
): Promise<Peer> {
  const { texts } = account
  switch (who.address.kind) {
    case 'group':
      return { ...who, name: (await groupSubject(account, who)) ?? texts.names.group }
    case 'phone':
    case 'lid':
      return { ...who, name: displayName(pushName) ?? unnamed(who, texts.names.person) }
    default:
      return { ...who, name: texts.names.channel }
  }
}

function unnamed({ phone }: Who, person: string): string {
  return phone === undefined ? person : `+${phone}`
}

/** Asked once, when the group's contact is made: metadata is limited to 10 calls a minute. */
async function groupSubject(account: Account, who: Who): Promise<string | undefined> {
  try {
    const { subject } = await account.wasender.groups.metadata(formatJid(who.address))
    return displayName(subject)
  } catch (error) {
    // The message matters more than the group's name, which a later update corrects.
    if (error instanceof BridgeError) return undefined
    throw error
  }
}
