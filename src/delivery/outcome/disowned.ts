import { z } from 'zod'
import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { AccountId, KeyId } from '../../ids.ts'
import type { Incoming } from '../../message/incoming.ts'
import { createReadMemory, memoryText } from '../../set-aside/memories.ts'
import { storeKey } from '../../store/keys.ts'
import type { State } from '../../store/state.ts'
import type { OutboundLink } from '../../store/types.ts'
import type { Dispatch } from '../dispatch.ts'
import { orderOf } from '../intake/inbound-routes.ts'
import type { LaneKeys } from '../intake/lane-keys.ts'
import type { Entry } from '../lanes/lanes.ts'
import { readInEvent, storedWho } from '../stored-events.ts'
import type { Journal } from './journal.ts'

/** An own message that was taken for an echo because of what it says, with what is needed to bring it in after all. */
type Claimed = Pick<Entry, 'receivedAt' | 'event'> & Pick<Incoming, 'who' | 'at'>

/** Own messages that were taken for echoes by their content, until `/info` has confirmed it. */
export type Disowned = {
  /** Durable once resolved. */
  keep(account: AccountId, keyId: KeyId, claimed: Claimed): Promise<void>
  confirm(account: AccountId, keyId: KeyId): Promise<void>
  /** Brings back what the link was wrongly tied to, if anything. May be repeated. */
  settle(account: Account, link: OutboundLink): Promise<void>
}

/** A little longer than `/info` is asked. */
const KEEP_FOR_S = 25 * 3600

const claimedSchema = z.looseObject({
  who: storedWho,
  at: z.number().optional(),
  receivedAt: z.number(),
  event: z.unknown().refine((event) => readInEvent(event) !== undefined),
})

/** Words typed on the phone can be those of a send that is on its way: whoever comes first is taken for its echo. */
export function createDisowned(deps: {
  state: State
  journal: Journal
  laneKey: LaneKeys
  dispatch: Dispatch
  clock: Clock
}): Disowned {
  const { state, journal } = deps
  const { redis, prefix, store } = state
  const readMemory = createReadMemory(state, 'messages taken for echoes')
  const key = (account: AccountId, keyId: KeyId) => `${prefix}claimed:${account}:${keyId}`

  async function playAgain(account: Account, keyId: KeyId): Promise<void> {
    const name = key(account.id, keyId)
    const text = await redis.get(name)
    if (text === null) return
    const remove = () => redis.del(name)
    const kept = await readMemory<Claimed>({ key: name, text, remove }, claimedSchema)
    if (kept === undefined) return
    const { who, at, receivedAt, event } = kept
    const lane = {
      direction: 'in',
      account: account.id,
      key: await deps.laneKey(account, who),
    } as const
    await deps.dispatch.post([{ lane, order: orderOf(at, receivedAt), receivedAt, event }])
  }

  /** The true echo was taken for the phone's and is shown already. It says the same, so it now stands for the other. */
  async function swapMirrored({ id }: Account, echo: KeyId, typed: KeyId): Promise<boolean> {
    const mirrored = await store.links.get(storeKey.inboundLink(id, echo))
    if (mirrored?.direction !== 'in') return false
    const link = { ...mirrored, keyId: typed, at: deps.clock.now() }
    await store.links.put(storeKey.inboundLink(id, typed), link)
    await store.links.delete(storeKey.inboundLink(id, echo))
    return true
  }

  return {
    async keep(account, keyId, claimed) {
      await redis.set(key(account, keyId), memoryText(claimed), 'EX', KEEP_FOR_S)
    },
    async confirm(account, keyId) {
      await redis.del(key(account, keyId))
    },
    async settle(account, link) {
      const { keyId, disowned } = link
      if (keyId === undefined || disowned === undefined) return
      const isSwapped = await swapMirrored(account, keyId, disowned)
      if (!isSwapped) await playAgain(account, disowned)
      await journal.note(link, { kind: 'given-back' })
      await redis.del(key(account.id, disowned))
    },
  }
}
