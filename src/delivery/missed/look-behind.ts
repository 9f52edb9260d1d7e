import type { Account } from '../../account.ts'
import { isNotFound } from '../../chatwoot/client.ts'
import type { Clock } from '../../clock.ts'
import { BridgeError } from '../../errors.ts'
import type { MessageId } from '../../ids.ts'
import type { OutEvent } from '../events.ts'
import type { Entry, Lane } from '../lanes/lanes.ts'
import type { Coverage } from './coverage.ts'
import { type Horizon, pagesFrom } from './history.ts'
import type { Listed } from './listed.ts'
import type { createMissed, Reviewed } from './missed.ts'

/**
 * Before an agent's message is sent: is there an earlier one whose webhook was lost or is late? Such are queued before it;
 * the answer is then to look at the lane again. `undefined`: nothing is in the way.
 */
export type LookBehind = (
  account: Account,
  entry: Entry,
  lane: Lane,
  event: OutEvent,
) => Promise<Earlier | undefined>

/** Something goes first, or Chatwoot has to be asked again. */
type Earlier = { waitUntil: number }

/** A message waits no longer than this for an answer, and asks no more often. */
const ANSWER_WITHIN_MS = 3_000
const ATTEMPTS = 2
const ASK_AGAIN_MS = 1_000
/** After that, Chatwoot is not asked for a while: agents' messages go first. */
const LEAVE_ALONE_MS = 30_000
/** One look serves the messages written at the same time. */
const FRESH_MS = 10_000
const FRESH_CONVERSATIONS = 1_000

/**
 * Costs one GET per message at most: none for what an earlier look has seen. Chatwoot being away must not keep agents from
 * reaching their customers, so after two vain attempts the message goes without; the sweep finds later what was missed.
 */
export function createLookBehind(deps: {
  coverage: Coverage
  missed: ReturnType<typeof createMissed>
  horizonOf: Horizon
  clock: Clock
  onFailed: (account: Account, error: unknown) => void
  onFound: (account: Account, count: number) => void
}): LookBehind {
  const { coverage, clock } = deps
  const fresh = new Map<string, { upTo: number; until: number }>()
  const leaveAlone = new Map<string, number>()

  function isFresh(name: string, id: MessageId): boolean {
    const known = fresh.get(name)
    return known !== undefined && known.until > clock.now() && id <= known.upTo
  }

  function remember(name: string, upTo: MessageId): void {
    fresh.delete(name)
    fresh.set(name, { upTo, until: clock.now() + FRESH_MS })
    const [oldest] = fresh.keys()
    if (fresh.size > FRESH_CONVERSATIONS && oldest !== undefined) fresh.delete(oldest)
  }

  /** What was seen is remembered; true when the message in hand was among it. */
  async function note(listed: Listed, { knownTo, settledTo }: Reviewed): Promise<boolean> {
    const { account, conversation, messages } = listed
    if (knownTo !== undefined) remember(`${account.id}:${conversation.id}`, knownTo)
    if (settledTo !== undefined) {
      await coverage.set(account.id, conversation.id, settledTo, account.options.catchUp.maxAge)
    }
    return knownTo !== messages.at(-1)?.id || Number(knownTo) >= Number(listed.before)
  }

  async function look(account: Account, lane: Lane, event: OutEvent): Promise<number> {
    const { conversation, id: before } = event
    const from = await coverage.get(account.id, conversation.id)
    if (from !== undefined && before <= from) return 0
    const horizon = await deps.horizonOf(account)
    const window = { from, horizon, timeoutMs: ANSWER_WITHIN_MS }
    let queued = 0
    for await (const messages of pagesFrom(account, conversation.id, window)) {
      const listed = { account, conversation, lane, messages, horizon, before }
      const reviewed = await deps.missed(listed)
      queued += reviewed.queued
      if (await note(listed, reviewed)) break
    }
    return queued
  }

  /** Whether to wait and ask once more. */
  function failed(account: Account, entry: Entry, error: unknown): Earlier | undefined {
    if (!(error instanceof BridgeError)) throw error
    if (isNotFound(error)) return undefined
    deps.onFailed(account, error)
    entry.looks = (entry.looks ?? 0) + 1
    if (entry.looks < ATTEMPTS) return { waitUntil: clock.now() + ASK_AGAIN_MS }
    leaveAlone.set(account.id, clock.now() + LEAVE_ALONE_MS)
    return undefined
  }

  return async (account, entry, lane, event) => {
    if (isFresh(`${account.id}:${event.conversation.id}`, event.id)) return undefined
    const isAway = account.chatwootBreaker.isOpen()
    if (isAway || (leaveAlone.get(account.id) ?? 0) > clock.now()) return undefined
    try {
      const queued = await look(account, lane, event)
      if (queued === 0) return undefined
      deps.onFound(account, queued)
      return { waitUntil: clock.now() }
    } catch (error) {
      return failed(account, entry, error)
    }
  }
}
