import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import { isRetryable, SessionDownError } from '../../kernel/errors.ts'
import { isDeleted } from '../../platforms/chatwoot/events.ts'
import type { Dispatch } from '../../queue/dispatch.ts'
import type { Entry } from '../../queue/entry.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import type { OutEvent, WaitingEvent } from '../events.ts'
import type { SessionGate, Waiter } from './session-gate.ts'

export type SessionPausesDeps = {
  gate: SessionGate
  clock: Clock
  dispatch: Dispatch
  /** Ignore an outage that is over sooner: agents need not know of it. */
  calmMs: number
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
    const settle = is === 'down' ? { settleMs: deps.calmMs } : {}
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
