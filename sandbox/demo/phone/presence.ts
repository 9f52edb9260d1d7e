import { readAddress } from '../../wasender/addresses.ts'
import type { Profile } from '../../wasender/directory.ts'
import type { WasenderStandIn } from '../../wasender/server.ts'

/** In which chats the business is typing. */
export type Presence = {
  /** Since when, in milliseconds since 1970. `chat` is a phone in digits or the JID of a group. */
  typingSince(chat: string): number | undefined
}

/** Follows the marks of typing that are shown to customers, for as long as the stand-in lives. */
export function createPresence(
  wasender: WasenderStandIn,
  people: readonly Pick<Profile, 'phone' | 'lid'>[],
): Presence {
  const typing = new Map<string, number>()

  function chatOf(jid: string): string {
    const address = readAddress(jid)
    if (address.kind === 'phone') return address.digits
    if (address.kind !== 'lid') return jid
    return people.find(({ lid }) => lid === address.digits)?.phone ?? jid
  }

  wasender.subscribe((change) => {
    if (change.kind !== 'presence') return
    if (change.type === 'composing') typing.set(chatOf(change.jid), Date.now())
    else typing.delete(chatOf(change.jid))
  })
  return { typingSince: (chat) => typing.get(chat) }
}
