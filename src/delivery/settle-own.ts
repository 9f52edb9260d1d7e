import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { ChatId } from '../ids.ts'
import type { CanonicalMessage } from '../message/canonical.ts'
import { fingerprint } from '../message/fingerprint.ts'
import { originOf } from './echoes.ts'
import type { InEvent } from './events.ts'
import type { Journal } from './journal.ts'
import type { Entry } from './lanes.ts'
import type { Receipts } from './receipts.ts'

/** A message that our own account sent, by the bridge or by hand. */
export type OwnMessageInHand = {
  entry: Entry
  event: InEvent
  chat: ChatId
  message: CanonicalMessage
}

/** Settled, to be asked again later, or `undefined`: typed on the phone and to be mirrored. */
export type Settled = 'echo' | 'ignored' | { waitUntil: number } | undefined

/** Recognises echoes of the bridge's own sends and links them; messages typed on the phone are left to mirror. */
export function createSettleOwn(deps: { journal: Journal; receipts: Receipts; clock: Clock }) {
  return async (account: Account, own: OwnMessageInHand): Promise<Settled> => {
    const { key } = own.event
    const origin = await originOf(deps.journal, deps.clock, {
      account: account.id,
      chat: own.chat,
      keyId: key.id,
      msgId: key.msgId,
      fingerprint: fingerprint(own.message.content),
      heardAt: own.entry.receivedAt,
    })
    if ('wait' in origin) return { waitUntil: origin.wait }
    if (origin.from === 'phone') {
      return account.options.phoneMessages === 'ignore' ? 'ignored' : undefined
    }
    await deps.receipts.linked(account, origin.link)
    return 'echo'
  }
}
