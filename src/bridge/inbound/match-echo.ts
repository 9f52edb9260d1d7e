import type { Account } from '../../accounts/account.ts'
import { NO_MESSAGES } from '../../content/message/canonical.ts'
import { fingerprint } from '../../content/message/fingerprint.ts'
import type { Incoming } from '../../content/message/incoming.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { ChatId } from '../../kernel/ids.ts'
import type { Entry } from '../../queue/entry.ts'
import { type MistakenEchoes, originOf } from '../sends/echoes.ts'
import type { Journal } from '../sends/journal.ts'
import type { Receipts } from '../sends/receipts.ts'
import { isAskedChange } from './tellings.ts'

/** A message that our own account sent, by the bridge or by hand. */
export type OwnMessageInHand = {
  entry: Entry
  incoming: Incoming
  chat: ChatId
}

/** Recognises echoes of the bridge's own sends and links them: `undefined` for what was done on the phone. */
export async function matchEcho(
  account: Account,
  own: OwnMessageInHand,
  deps: { journal: Journal; receipts: Receipts; mistakenEchoes: MistakenEchoes; clock: Clock },
): Promise<'echo' | undefined> {
  const { journal, receipts, mistakenEchoes, clock } = deps
  const { id, key, message, who, at } = own.incoming
  if (NO_MESSAGES.has(message.content.kind)) {
    return (await isAskedChange(journal, account.id, message.content)) ? 'echo' : undefined
  }
  const { receivedAt, event } = own.entry
  const heard = {
    account: account.id,
    chat: own.chat,
    keyId: id,
    msgId: key?.msgId,
    fingerprint: fingerprint(message.content),
    heardAt: receivedAt,
  }
  const claimed = { receivedAt, event, who, ...(at === undefined ? {} : { at }) }
  const origin = await originOf(journal, clock, heard, () =>
    mistakenEchoes.keep(account.id, id, claimed),
  )
  if (origin.from === 'phone') return undefined
  await receipts.linked(account, origin.link)
  await mistakenEchoes.settle(account, origin.link)
  return 'echo'
}
