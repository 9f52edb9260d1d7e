import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import { BridgeError, isRetryable } from '../../kernel/errors.ts'
import { asId, type ChatId } from '../../kernel/ids.ts'
import { type DueLid, type NumberOfLid, type OpenLids, openLidOf } from '../../people/open-lids.ts'
import type { OwnIdentity } from '../../people/own.ts'
import type { People } from '../../people/people.ts'
import { aliasOf } from '../../platforms/wasender/jid.ts'
import type { Dispatch, Throttle } from '../../queue/queue.ts'
import { storeKey } from '../../state/store/keys.ts'
import type { Store } from '../../state/store/types.ts'
import { orderOf } from '../intake/route.ts'
import type { Quiet } from './quiet.ts'

/**
 * Between two questions of an account: far below any limit of the gateway that is known
 * (docs/platforms/wasender.md#rate-limits).
 */
export const EVERY_MS = 5_000
/** Another process may have noted somebody who is due. */
const IDLE_MS = 3_600_000

export type AskOpenLidsDeps = {
  openLids: OpenLids
  numberOfLid: NumberOfLid
  quiet: Quiet
  people: Pick<People, 'find'>
  own: Pick<OwnIdentity, 'isOurs'>
  store: Pick<Store, 'chats'>
  throttle: Pick<Throttle, 'allow'>
  dispatch: Dispatch
  clock: Clock
}

/**
 * One look at an account's people who are known by LID only: asks for the number of one of them at most, and only when
 * nothing stands in the way. Resolves with the ms until the next look.
 */
export function createAskOpenLids(deps: AskOpenLidsDeps) {
  const { openLids, quiet, people, own, store, throttle, clock } = deps

  /** The chat of somebody whose number is still unknown. */
  async function chatOf(account: Account, lid: string): Promise<ChatId | undefined> {
    const address = { kind: 'lid', id: lid } as const
    if (own.isOurs(account.id, address)) return undefined
    const found = await people.find(account.id, { address, lid })
    const chat = found ?? asId<ChatId>(aliasOf(address))
    const record = await store.chats.get(storeKey.chat(account.id, chat))
    const isHere = record?.inboxId === account.inboxId
    return isHere && openLidOf(record) !== undefined ? chat : undefined
  }

  /** Into the lane of the LID's chat, behind all that was written under it: there it is as if a message told both. */
  async function tell(account: Account, chat: ChatId, lid: string, phone: string): Promise<void> {
    const now = clock.now()
    const lane = { direction: 'in', account: account.id, key: chat } as const
    const contact = { address: { kind: 'lid', id: lid }, lid, phone } as const
    const event = { type: 'contacts', action: 'update', contact } as const
    const order = orderOf(undefined, now)
    await deps.dispatch.post([{ lane, order, receivedAt: now, event }])
  }

  async function ask(account: Account, due: DueLid): Promise<void> {
    const chat = await chatOf(account, due.lid)
    if (chat === undefined) return openLids.close(account.id, [due.lid])
    const phone = await deps.numberOfLid(account, due.lid)
    quiet.answered(account.id)
    if (phone === undefined) return openLids.unanswered(account.id, due)
    await tell(account, chat, due.lid, phone)
    await openLids.putOff(account.id, due)
  }

  async function askOne(account: Account): Promise<void> {
    const due = await openLids.take(account.id)
    if (due === undefined) return
    try {
      await ask(account, due)
    } catch (error) {
      if (!(error instanceof BridgeError)) throw error
      if (!isRetryable(error)) return openLids.unanswered(account.id, due)
      quiet.troubled(account.id, error)
      await openLids.putOff(account.id, due)
    }
  }

  return async (account: Account): Promise<number> => {
    const next = await openLids.nextAt(account.id)
    const wait = next === undefined ? IDLE_MS : next - clock.now()
    if (wait > 0) return Math.min(wait, IDLE_MS)
    const quietMs = await quiet.keep(account)
    if (quietMs > 0) return quietMs
    if (await throttle.allow(`open-lids:${account.id}`, EVERY_MS)) await askOne(account)
    return EVERY_MS
  }
}
