import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import { isRetryable, SessionDownError } from '../../kernel/errors.ts'
import type { AccountId, ConversationId, MessageId } from '../../kernel/ids.ts'
import { isDeleted } from '../../platforms/chatwoot/events.ts'
import type { Entry } from '../../queue/entry.ts'
import type { Dispatch } from '../../queue/queue.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import { redisKey } from '../../state/redis/keys.ts'
import { MEMORIES } from '../../state/redis/memories.ts'
import { createMemory } from '../../state/redis/memory.ts'
import { luaScript, runScript } from '../../state/redis/script.ts'
import type { OutEvent, WaitingEvent } from '../events.ts'
import { isWritten, postNote } from '../outbound/outbound-failure.ts'

type SessionPausesDeps = {
  gate: SessionGate
  clock: Clock
  dispatch: Dispatch
  /** Ignore an outage that is over sooner: agents need not know of it. */
  debounceMs: number
}

/** What the account's lanes do while its WhatsApp session is down. */
export type SessionPauses = {
  /** The session went down: from now on nothing is sent. */
  down(account: Account): Promise<void>
  /** It is up again: all that waits goes out, and agents are told. */
  up(account: Account): Promise<void>
  /**
   * Resolves once the session is up. Asks how it is when that is due, and tells agents that their message waits.
   *
   * @throws {WaitUntil} while it is down.
   * @throws {SessionDownError} when the message has waited for as long as messages are retried.
   */
  wait(account: Account, entry: Entry, event: OutEvent): Promise<void>
}

export function createSessionPauses(deps: SessionPausesDeps): SessionPauses {
  const { gate, clock } = deps

  async function tell(account: Account, waiter: Waiter, since: number, is: 'down' | 'back') {
    const { conversation: conversationId, about: messageId } = waiter
    const event: WaitingEvent = { type: 'waiting', is, since, conversationId, messageId }
    const key = `waiting:${conversationId}`
    const lane = { direction: 'status', account: account.id, key } as const
    const settle = is === 'down' ? { delayMs: deps.debounceMs } : {}
    await deps.dispatch.post([{ lane, order: 0, receivedAt: clock.now(), event, ...settle }])
  }

  /** Told first and remembered afterwards: a crash in between tells it twice, which the note's source id absorbs. */
  async function tellOnce(account: Account, event: OutEvent, since: number): Promise<void> {
    const { id: conversation } = event.conversation
    if (event.private || isDeleted(event)) return
    if (await gate.isWaiter(account.id, conversation)) return
    const waiter = { conversation, about: event.id }
    await tell(account, waiter, since, 'down')
    await gate.addWaiter(account.id, waiter)
  }

  async function up(account: Account): Promise<void> {
    const since = await gate.downSince(account.id)
    if (since === undefined) return
    const told = new Set<Waiter['conversation']>()
    let isOpen = false
    while (!isOpen) {
      const waiters = await gate.waiters(account.id)
      for (const waiter of waiters.filter(({ conversation }) => !told.has(conversation))) {
        await tell(account, waiter, since, 'back')
        told.add(waiter.conversation)
      }
      isOpen = await gate.open(account.id, waiters.length)
    }
    deps.dispatch.wake(account.id, 'out')
  }

  return {
    down: (account) => gate.close(account.id, clock.now()),
    up,

    async wait(account, entry, event) {
      const since = await gate.downSince(account.id)
      if (since === undefined) return
      const acceptedAt = entry.renewedAt ?? entry.receivedAt
      if (clock.now() >= acceptedAt + account.options.retryFor) throw downForTooLong(account)
      const next = await gate.turnToAsk(account.id)
      if (next === 0 && (await isUp(account))) {
        await up(account)
        return
      }
      await tellOnce(account, event, since)
      throw forSession(clock.now() + (next === 0 ? await gate.turnToAsk(account.id) : next))
    },
  }
}

/** All lanes of the account wait for its session, and are woken when it is back. */
export function forSession(until: number): WaitUntil {
  return new WaitUntil('The WhatsApp session is not connected.', { until, mayBeWoken: true })
}

async function isUp({ wasender }: Account): Promise<boolean> {
  try {
    return (await wasender.session.status()) === 'connected'
  } catch (error) {
    // A gateway that cannot say it is no better than one whose session is down.
    if (isRetryable(error)) return false
    throw error
  }
}

function downForTooLong({ id }: Account): SessionDownError {
  return new SessionDownError(
    `The WhatsApp session of account ${id} was not connected for as long as messages are retried.`,
    { code: 'wasender.not_connected', context: { account: id } },
  )
}

/** A conversation with a message that waits, and the first such message. */
type Waiter = { conversation: ConversationId; about: MessageId }

/**
 * Which accounts have no WhatsApp session at the moment. It is kept in Redis, so that all lanes and all processes
 * learn of it at once and none of them asks the gateway in vain.
 */
export type SessionGate = {
  /** Since when the session is down, ms since 1970; `undefined` while it is up. */
  downSince(account: AccountId): Promise<number | undefined>
  /** Doing it again while it is closed changes nothing. */
  close(account: AccountId, now: number): Promise<void>
  /** Takes the turn to ask how the session is: 0 for the one who has it, else how many ms until the next. */
  turnToAsk(account: AccountId): Promise<number>
  /** Remembers a conversation where agents know that a message waits. */
  addWaiter(account: AccountId, waiter: Waiter): Promise<void>
  isWaiter(account: AccountId, conversation: ConversationId): Promise<boolean>
  waiters(account: AccountId): Promise<Waiter[]>
  /** False when there are more than `known` waiters by now; the gate stays closed then. */
  open(account: AccountId, known: number): Promise<boolean>
}

export type SessionGateTiming = {
  /** Between two questions how the session is. */
  askEveryMs: number
  /** Before the first of them: many an outage is over in seconds. */
  askFirstMs: number
}

/**
 * One session is down for everybody who counts on it, so nobody may slip in between.
 *
 * KEYS down, waiters, recent; ARGV how many waiters are known, for how many ms the outage counts as recent.
 */
const OPEN = luaScript(
  `
if redis.call('HLEN', KEYS[2]) > tonumber(ARGV[1]) then return 0 end
if redis.call('DEL', KEYS[1]) == 1 then redis.call('SET', KEYS[3], '1', 'PX', ARGV[2]) end
redis.call('DEL', KEYS[2])
return 1`,
  z.int(),
)

export function createSessionGate(options: {
  redis: Redis
  prefix: string
  timing: SessionGateTiming
}): SessionGate {
  const { redis, prefix, timing } = options
  const down = createMemory(options, MEMORIES.sessionDown)
  const asked = createMemory(options, MEMORIES.sessionAsked)
  const recent = createMemory(options, MEMORIES.sessionRecent)
  const waitersKey = (account: AccountId) => redisKey(prefix, 'sessionWaiters', account)

  return {
    downSince: (account) => down(account).get(),

    async close(account, now) {
      if (!(await down(account).add(now))) return
      // A session that says it is up and then refuses to send must not be asked every few seconds.
      const isFlapping = await recent(account).exists()
      await asked(account).set('1', isFlapping ? timing.askEveryMs : timing.askFirstMs)
    },

    async turnToAsk(account) {
      if (await asked(account).add('1', timing.askEveryMs)) return 0
      return Math.max(1, await asked(account).leftMs())
    },

    async addWaiter(account, { conversation, about }) {
      await redis.hsetnx(waitersKey(account), String(conversation), String(about))
    },
    isWaiter: async (account, conversation) =>
      (await redis.hexists(waitersKey(account), String(conversation))) === 1,
    async waiters(account) {
      const found = await redis.hgetall(waitersKey(account))
      return Object.entries(found).map(([conversation, about]) => ({
        conversation: Number(conversation) as ConversationId,
        about: Number(about) as MessageId,
      }))
    },

    async open(account, known) {
      const keys = [
        redisKey(prefix, 'sessionDown', account),
        waitersKey(account),
        redisKey(prefix, 'sessionRecent', account),
      ]
      return (await runScript(redis, OPEN, keys, [known, timing.askEveryMs])) === 1
    },
  }
}

/**
 * Tells agents, once per conversation and outage, that a message waits for the session, and that it is back. An outage
 * that is over by the time the note is due is not worth a note.
 */
export async function tellWaiting(
  account: Account,
  event: WaitingEvent,
  gate: Pick<SessionGate, 'downSince'>,
): Promise<void> {
  const { since, conversationId: conversation, messageId: about } = event
  const note = (is: WaitingEvent['is']) => ({
    conversation,
    about,
    sourceId: `session-${is}:${since}`,
    text: account.texts.waiting[is],
  })
  const isDue =
    event.is === 'down'
      ? (await gate.downSince(account.id)) === since
      : await isWritten(account, note('down'))
  if (isDue) await postNote(account, note(event.is))
}

/** Why nothing of an account moves, in words for an admin; `undefined` while all does. */
export async function pausedReason(
  { id, chatwootBreaker }: Account,
  sessionGate: SessionGate,
): Promise<string | undefined> {
  const since = await sessionGate.downSince(id)
  const reasons = [
    ...(since === undefined
      ? []
      : [`The WhatsApp session has not been connected since ${new Date(since).toISOString()}.`]),
    ...(chatwootBreaker.isOpen() ? ['Chatwoot is out of order.'] : []),
  ]
  return reasons.length === 0 ? undefined : reasons.join(' ')
}
