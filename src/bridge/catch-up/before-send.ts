import type { Account } from '../../accounts/account.ts'
import { type Clock, hasCome } from '../../kernel/clock.ts'
import { BridgeError, RateLimitedError } from '../../kernel/errors.ts'
import type { MessageId } from '../../kernel/ids.ts'
import { isNotFound } from '../../platforms/chatwoot/client.ts'
import type { Entry, Lane } from '../../queue/entry.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import type { OutEvent } from '../events.ts'
import { waitForChatwoot } from '../holds/hold.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { createMissed, Gaps, Reviewed } from './find-missed.ts'
import { type Horizon, type Listed, pagesFrom } from './page.ts'

/**
 * Before an agent's message is sent: is there an earlier one whose webhook was lost or is late? Such are queued before it.
 *
 * @throws {WaitUntil} when something goes first, or Chatwoot has to be asked again.
 */
export type BeforeSend = (
  account: Account,
  entry: Entry,
  lane: Lane,
  event: OutEvent,
) => Promise<void>

export type BeforeSendDeps = {
  checkpoint: Checkpoint
  missed: ReturnType<typeof createMissed>
  gaps: Gaps
  horizonOf: Horizon
  clock: Clock
  onFailed: (account: Account, error: unknown) => void
  onFound: (account: Account, count: number) => void
}

/** How long an answer may take, by attempt; the last one repeats. */
const ANSWER_WITHIN_MS = [3_000, 10_000, 20_000] as const
/** So often Chatwoot is asked where nothing is known to be missing. */
const ATTEMPTS = 2
/** Between two attempts, by attempt; the last one repeats. */
const ASK_AGAIN_MS = [1_000, 2_000, 5_000, 10_000] as const
/**
 * So long the messages of a conversation wait for an answer when something of it may be missing. An order that was broken
 * stays so, while a Chatwoot that is away keeps its agents from writing anyway. It counts from the first question that got
 * no answer, so a conversation that can never be read delays its messages once.
 */
export const WAIT_FOR_ANSWER_MS = 5 * 60_000
/** After a message went without an answer, Chatwoot is not asked for a while: agents' messages go first. */
const LEAVE_ALONE_MS = 30_000
/** One look serves the messages written at the same time. */
const FRESH_MS = 10_000
/** Of so many conversations it is remembered what was seen, or since when nobody answers. */
const REMEMBERED = 1_000

/**
 * Costs one GET per message at most: none for what an earlier look has seen. Where nothing is known to be missing, a Chatwoot
 * that does not answer must not keep agents from reaching their customers: after two vain attempts the message goes without,
 * and the sweep finds later what was missed. After a start or an outage nothing passes before Chatwoot was asked, for up to
 * {@link WAIT_FOR_ANSWER_MS}.
 */
export function createBeforeSend(deps: BeforeSendDeps): BeforeSend {
  const { checkpoint, gaps, clock } = deps
  const answers = createAnswers(clock)
  const leaveAlone = new Map<string, number>()

  /** What was seen is remembered; true when the message in hand was among it. */
  async function note(listed: Listed, { knownTo, settledTo, isLeft }: Reviewed): Promise<boolean> {
    const { account, conversation } = listed
    if (knownTo !== undefined) answers.seen(nameOf(account, conversation), knownTo)
    if (settledTo !== undefined) {
      await checkpoint.set(account.id, conversation.id, settledTo, account.options.catchUp.maxAge)
    }
    return isLeft || Number(knownTo) >= Number(listed.before)
  }

  async function look(account: Account, entry: Entry, lane: Lane, event: OutEvent) {
    const { conversation, id: before } = event
    const from = await checkpoint.get(account.id, conversation.id)
    if (from !== undefined && before <= from) return 0
    const asOf = gaps.asOf(account.id)
    const horizon = await deps.horizonOf(account)
    const window = { from, horizon, timeoutMs: byAttempt(ANSWER_WITHIN_MS, entry.looks ?? 0) }
    let queued = 0
    let isLeft = false
    for await (const messages of pagesFrom(account, conversation.id, window)) {
      const listed = { account, conversation, lane, messages, horizon, before }
      const reviewed = await deps.missed(listed)
      queued += reviewed.queued
      isLeft = reviewed.isLeft
      if (await note(listed, reviewed)) break
    }
    answers.came(nameOf(account, conversation))
    if (!isLeft) gaps.filled(account.id, conversation.id, asOf)
    return queued
  }

  /** Nothing is known of earlier messages. @throws {WaitUntil} when it is worth to wait and ask once more. */
  function failed(
    { account, entry, event }: { account: Account; entry: Entry; event: OutEvent },
    error: unknown,
  ): 0 {
    if (!(error instanceof BridgeError && isChatwoots(error))) throw error
    if (isNotFound(error)) return 0
    deps.onFailed(account, error)
    const attempt = entry.looks ?? 0
    const looks = attempt + 1
    const mustWait =
      mayMiss(gaps, account, event) && !answers.areOverdue(nameOf(account, event.conversation))
    if (mustWait || looks < ATTEMPTS) {
      const until = clock.now() + Math.max(waitOf(error), byAttempt(ASK_AGAIN_MS, attempt))
      const reason = 'Chatwoot did not say what was written before.'
      throw new WaitUntil(reason, { until, learned: { looks } })
    }
    leaveAlone.set(account.id, clock.now() + LEAVE_ALONE_MS)
    return 0
  }

  /** While Chatwoot is out of order only a probe goes there, and what is written waits. */
  async function mayAsk(account: Account, event: OutEvent): Promise<boolean> {
    if (account.chatwootBreaker.isOpen()) {
      if (answers.areOverdue(nameOf(account, event.conversation))) return false
      await waitForChatwoot(account)
    }
    const isLeftAlone = !hasCome(leaveAlone.get(account.id) ?? 0, clock.now(), LEAVE_ALONE_MS)
    return !isLeftAlone || gaps.mayBeIn(account.id, event.conversation.id)
  }

  return async (account, entry, lane, event) => {
    if (answers.isFresh(nameOf(account, event.conversation), event.id)) return
    if (!(await mayAsk(account, event))) return
    const queued = await look(account, entry, lane, event).catch((error: unknown) =>
      failed({ account, entry, event }, error),
    )
    if (queued === 0) return
    deps.onFound(account, queued)
    throw new WaitUntil('Earlier messages go first.', { until: clock.now() })
  }
}

function mayMiss(gaps: Gaps, { id, chatwootBreaker }: Account, { conversation }: OutEvent) {
  return chatwootBreaker.isOpen() || gaps.mayBeIn(id, conversation.id)
}

/** What was answered lately, and since when nobody answers. */
function createAnswers(clock: Clock) {
  const fresh = new Map<string, { upTo: number; until: number }>()
  const missingSince = new Map<string, number>()
  return {
    seen(name: string, upTo: MessageId): void {
      remember(fresh, name, { upTo, until: clock.now() + FRESH_MS })
    },
    isFresh(name: string, id: MessageId): boolean {
      const known = fresh.get(name)
      if (known === undefined || id > known.upTo) return false
      return !hasCome(known.until, clock.now(), FRESH_MS)
    },
    came: (name: string) => void missingSince.delete(name),
    /** Whether the conversation has waited long enough. The first time it is asked, the wait begins. */
    areOverdue(name: string): boolean {
      const since = missingSince.get(name) ?? clock.now()
      remember(missingSince, name, since)
      return hasCome(since + WAIT_FOR_ANSWER_MS, clock.now(), WAIT_FOR_ANSWER_MS)
    },
  }
}

function nameOf({ id }: Account, conversation: OutEvent['conversation']): string {
  return `${id}:${conversation.id}`
}

/** The latest are kept. */
function remember<T>(map: Map<string, T>, name: string, value: T): void {
  map.delete(name)
  map.set(name, value)
  const [oldest] = map.keys()
  if (map.size > REMEMBERED && oldest !== undefined) map.delete(oldest)
}

function byAttempt(waits: readonly number[], attempt: number): number {
  return waits[Math.min(attempt, waits.length - 1)] ?? 0
}

/** Not Redis being away, nor a mistake of ours. */
function isChatwoots({ code }: BridgeError): boolean {
  return code.startsWith('chatwoot.')
}

function waitOf(error: BridgeError): number {
  return error instanceof RateLimitedError ? error.waitMs : 0
}
