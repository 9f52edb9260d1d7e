import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import { BridgeError } from '../errors.ts'
import { asId, type ChatId } from '../ids.ts'
import type { OutEvent } from './events.ts'
import type { Failures } from './failures.ts'
import type { Journal } from './journal.ts'
import type { Entry, Lane } from './lanes.ts'
import { sendOf } from './outbound-failure.ts'

/**
 * What happens to an entry that failed for good: it becomes a dead letter, and an agent's message shows the
 * failure with its reason.
 */
export function createGiveUp(deps: {
  failures: Failures
  journal: Journal
  clock: Clock
  accountOf: (lane: Lane) => Account
  report: (account: Account, chat: ChatId, event: OutEvent) => Promise<void>
}) {
  const { failures, journal, clock } = deps

  async function showToAgent(account: Account, event: OutEvent, error: unknown): Promise<void> {
    const known = await journal.ofMessage(account.id, event.id)
    const chat = known[0]?.chat ?? asId<ChatId>('unreachable')
    const link = known.at(-1) ?? (await journal.begin(sendOf(account, event, chat, 0, '')))
    const { refused, tooLate } = account.texts.failed
    const reason = error instanceof BridgeError ? refused(error.message) : tooLate
    await journal.note(link, { kind: 'failed', reason })
    await deps.report(account, chat, event)
  }

  return async (entry: Entry, lane: Lane, error: unknown): Promise<void> => {
    await failures.add(lane, entry, error, clock.now())
    if (lane.direction === 'out') {
      await showToAgent(deps.accountOf(lane), entry.event as OutEvent, error)
    }
  }
}
