import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import {
  BridgeError,
  OperatorNeededError,
  RateLimitedError,
  TransientError,
} from '../../kernel/errors.ts'
import type { AccountId, ConversationId, MessageId } from '../../kernel/ids.ts'
import { isNotFound } from '../../platforms/chatwoot/client.ts'
import type { ConversationRef } from '../../platforms/chatwoot/shapes/message.ts'
import { awayReason } from '../../state/redis/away.ts'
import type { Store } from '../../state/store/types.ts'
import type { OutLane } from '../intake/out-lane.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { AsOf, createMissed, Gaps, Reviewed } from './find-missed.ts'
import { createChanged, type MissedChanges } from './missed-changes.ts'
import { type Horizon, type Listed, pagesBefore, pagesFrom } from './page.ts'

/** Finds what agents wrote or did while no webhook could tell of it: in all conversations, or in what the last one left. */
export type Sweep = (account: Account, signal: AbortSignal, which: Which) => Promise<Swept>

export type Which = 'all' | 'rest'

export type Swept = {
  /** How much was queued. */
  queued: number
  /**
   * Some conversations could not be looked through; they are the rest. Until they were, the next sweep of all looks as far
   * back as this one did.
   */
  failure?: TransientError
  /** Something was left to its webhook, which should have come a little later: that is the rest. */
  isLeft?: true
  /** Chatwoot could not list the conversations, so there may be others. */
  incomplete?: OperatorNeededError
}

/** Looks a little further back than the last sweep began: clocks differ, and the youngest were left to the next one. */
const OVERLAP_MS = 60_000
/**
 * Between two conversations, so that a sweep never uses up Chatwoot's limit (docs/platforms/chatwoot.md#rate-limits).
 */
const PAUSE_MS = 250

type SweepDeps = ReviewDeps & {
  store: Pick<Store, 'chats'>
  gaps: Gaps
  clock: Clock
  pauseMs?: number
}

/** A sweep of all that is not through yet. */
type UnderWay = {
  began: number
  asOf: AsOf
  /** Nothing before this moment matters, ms since 1970. */
  from: number
  /** Of those that no list shows the number alone. */
  conversations: (ConversationRef | ConversationId)[]
  incomplete: OperatorNeededError | undefined
}

/**
 * One GET for the conversations that changed since the last sweep, then each of them in turn. A sweep that breaks off, or
 * could not look everywhere, counts for nothing: the next one looks as far back, and finds what this one has queued in the
 * lanes or in the journal.
 */
export function createSweep(deps: SweepDeps): Sweep {
  const { checkpoint, gaps, clock, pauseMs = PAUSE_MS } = deps
  const review = createReview(deps)
  const changed = createChanged(deps)
  const rests = new Map<AccountId, UnderWay>()

  async function begin(account: Account): Promise<UnderWay> {
    const [began, asOf] = [clock.now(), gaps.asOf(account.id)]
    const last = (await checkpoint.sweptAt(account.id)) ?? 0
    // A sweep of the future began while the clock was ahead, and says nothing.
    const swept = last > began ? 0 : last
    const from = Math.max(swept, await deps.horizonOf(account)) - OVERLAP_MS
    const isOfList = (error: unknown) => !concernsAll(account, error)
    const { conversations, hidden, incomplete } = await changed(account, {
      from,
      now: began,
      isOfList,
    })
    return { began, asOf, from, conversations: [...conversations, ...hidden], incomplete }
  }

  async function reviewOne(
    account: Account,
    underWay: UnderWay,
    each: UnderWay['conversations'][0],
  ) {
    const conversation = await known(account, underWay.from, each)
    if (conversation === undefined) return { queued: 0, isLeft: false }
    const found = await review(account, conversation)
    if (!found.isLeft) gaps.filled(account.id, conversation.id, underWay.asOf)
    return found
  }

  async function reviewAll(account: Account, underWay: UnderWay, signal: AbortSignal) {
    const failures: Failed[] = []
    const left: UnderWay['conversations'] = []
    let queued = 0
    for (const conversation of underWay.conversations) {
      signal.throwIfAborted()
      try {
        const found = await reviewOne(account, underWay, conversation)
        queued += found.queued
        if (found.isLeft) left.push(conversation)
      } catch (cause) {
        if (concernsAll(account, cause)) throw cause
        failures.push({ conversation, cause })
      }
      await sleep(pauseMs, undefined, { signal })
    }
    return { queued, failures, left }
  }

  /** Where it could not look stays in doubt. */
  async function conclude(account: Account, rest: UnderWay, isAllRead: boolean): Promise<void> {
    rests.set(account.id, rest)
    if (rest.incomplete !== undefined) return
    gaps.filledBut(account.id, rest.conversations.map(idOf), rest.asOf)
    if (isAllRead) await checkpoint.swept(account.id, rest.began)
  }

  return async (account, signal, which) => {
    await expectChatwoot(account)
    const underWay =
      (which === 'rest' ? rests.get(account.id) : undefined) ?? (await begin(account))
    const { queued, failures, left } = await reviewAll(account, underWay, signal)
    const rest = [...failures.map(({ conversation }) => conversation), ...left]
    const [first] = failures
    await conclude(account, { ...underWay, conversations: rest }, first === undefined)
    return {
      queued,
      ...(first && { failure: notLookedThrough(account, first, failures.length) }),
      ...(left.length > 0 && { isLeft: true }),
      ...(underWay.incomplete && { incomplete: underWay.incomplete }),
    }
  }
}

/** While Chatwoot is out of order only a probe goes there. */
async function expectChatwoot({ id, chatwootBreaker }: Account): Promise<void> {
  if ((await chatwootBreaker.hold()) === undefined) return
  throw new TransientError(`Chatwoot (account ${id}) is out of order.`, {
    code: 'chatwoot.unavailable',
    context: { account: id },
  })
}

/** Asks for one that no list has shown; `undefined` when it is of no interest after all. */
async function known(
  { chatwoot, inboxId }: Account,
  from: number,
  each: ConversationRef | ConversationId,
): Promise<ConversationRef | undefined> {
  if (typeof each === 'object') return each
  try {
    const found = await chatwoot.conversations.get(each)
    return found.inboxId === inboxId && (found.lastActivityAt ?? from) >= from ? found : undefined
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

function idOf(each: ConversationRef | ConversationId): ConversationId {
  return typeof each === 'object' ? each.id : each
}

type Failed = { conversation: ConversationRef | ConversationId; cause: unknown }

/**
 * Whether the next conversation would fare no better. A single one that cannot be read must not keep all others from being
 * found; if it is Chatwoot that does not answer in time, the breaker opens after a few of them.
 */
function concernsAll({ chatwootBreaker }: Account, error: unknown): boolean {
  if (awayReason(error) !== undefined || chatwootBreaker.isOpen()) return true
  if (error instanceof RateLimitedError || error instanceof OperatorNeededError) return true
  return (
    error instanceof BridgeError &&
    error.code === 'chatwoot.unreachable' &&
    error.context.network !== 'TIMEOUT'
  )
}

function notLookedThrough({ id }: Account, first: Failed, count: number): TransientError {
  const { cause } = first
  const conversation = idOf(first.conversation)
  return new TransientError(
    `${count} conversations of account ${id} could not be looked through, ${conversation} first. They are tried again.`,
    {
      code: 'chatwoot.not_looked_through',
      context: { account: id, conversation, count },
      cause,
    },
  )
}

/** Looks through one conversation for what was missed. */
type Review = (account: Account, conversation: ConversationRef) => Promise<Found>

/** How much was queued, and whether something was left to its webhook. */
type Found = Pick<Reviewed, 'queued' | 'isLeft'>

type ReviewDeps = {
  checkpoint: Checkpoint
  missed: ReturnType<typeof createMissed>
  missedChanges: MissedChanges
  horizonOf: Horizon
  laneOf: OutLane
}

const NOTHING: Found = { queued: 0, isLeft: false }

type Reviewable = Omit<Listed, 'messages' | 'before'>

/**
 * One GET for what is new, if anything is, and one per 20 messages for what has happened to the others that are young
 * enough; ticks are such changes too, so a chat where something goes on is read each time.
 */
function createReview(deps: ReviewDeps): Review {
  const { checkpoint, missed, missedChanges, horizonOf, laneOf } = deps

  async function review(account: Account, conversation: ConversationRef): Promise<Found> {
    const { id, lastMessageId } = conversation
    const from = await checkpoint.get(account.id, id)
    const lane = await laneOf(account.id, conversation)
    const about = { account, conversation, lane, horizon: await horizonOf(account) }
    const changes = from === undefined ? 0 : await reviewKnown(about, from)
    const hasNews = from === undefined || lastMessageId === undefined || lastMessageId > from
    const found = hasNews ? await reviewNew(about, from) : NOTHING
    return { ...found, queued: changes + found.queued }
  }

  async function reviewKnown(about: Reviewable, upTo: MessageId): Promise<number> {
    const { account, conversation, horizon } = about
    const pages = await pagesBefore(account, conversation.id, { before: upTo + 1, horizon })
    let queued = 0
    for (const messages of pages) queued += await missedChanges({ ...about, messages })
    return queued
  }

  async function reviewNew(about: Reviewable, from: MessageId | undefined): Promise<Found> {
    const { account, conversation, horizon } = about
    let queued = 0
    for await (const messages of pagesFrom(account, conversation.id, { from, horizon })) {
      const listed = { ...about, messages }
      const { queued: count, isLeft, settledTo } = await missed(listed)
      queued += count + (await missedChanges(listed))
      if (settledTo !== undefined) await cover(about, settledTo)
      if (isLeft) return { queued, isLeft }
    }
    return { queued, isLeft: false }
  }

  function cover({ account, conversation }: Reviewable, upTo: MessageId): Promise<void> {
    return checkpoint.set(account.id, conversation.id, upTo, account.options.catchUp.maxAge)
  }

  return async (account, conversation) => {
    try {
      return await review(account, conversation)
    } catch (error) {
      // Deleted since it was listed: nothing to find.
      if (isNotFound(error)) return NOTHING
      throw error
    }
  }
}
