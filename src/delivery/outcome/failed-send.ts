import type { Account } from '../../account.ts'
import { type Clock, hasCome } from '../../clock.ts'
import type { People } from '../../identity/people.ts'
import type { OutboundLink } from '../../store/types.ts'
import type { SendFailedEvent } from '../../wasender/events/index.ts'
import type { Address } from '../../wasender/jid.ts'
import type { Entry } from '../lanes/lanes.ts'
import type { FailureGuesses } from './failure-guesses.ts'
import type { Journal } from './journal.ts'
import type { UnnamedFailures } from './unnamed-failures.ts'

/** Which send a failure is about, `isCertain` when it names it; or it will be known later. */
export type FailedSend =
  | { link: OutboundLink | undefined; isCertain: boolean }
  | { waitUntil: number }

/**
 * Two failures with the same words and second may be one webhook that was repeated, or be about two sends. An echo takes
 * seconds: when the next send to that number has none after this time, the second failure was about it.
 */
const TELLING_MS = 30_000
const ASK_AGAIN_MS = 2_000

/** Finds the send that a failure is about. */
export function createFindFailed(deps: {
  journal: Pick<Journal, 'byMsgId' | 'byKeyId' | 'openIn'>
  failureGuesses: FailureGuesses
  unnamedFailures: Pick<UnnamedFailures, 'note'>
  people: Pick<People, 'find'>
  clock: Clock
}) {
  const { journal, failureGuesses, unnamedFailures, people, clock } = deps

  async function named(account: Account, { msgId, key }: SendFailedEvent) {
    if (msgId !== undefined) return journal.byMsgId(account.id, msgId)
    const found = key === undefined ? undefined : await journal.byKeyId(account.id, key.id)
    return found?.direction === 'out' ? found : undefined
  }

  /** The oldest open send to that number when the failure was heard of (docs/platforms/wasender.md#sent-or-failed). */
  async function oldestOpen(account: Account, address: Address, heardAt: number) {
    const who = address.kind === 'phone' ? { address, phone: address.digits } : { address }
    const chat = await people.find(account.id, who)
    if (chat === undefined) return undefined
    const open = await journal.openIn(account.id, chat, heardAt)
    return open.find(({ sentAt }) => sentAt <= heardAt)
  }

  async function guessed(
    account: Account,
    { id, receivedAt }: Entry,
    { address, told }: { address: Address; told: string },
  ) {
    const first = await failureGuesses.find(account.id, told)
    // This very entry may have been handled before, up to a crash or a Chatwoot that is away.
    const own = first?.entryId === id ? first : await failureGuesses.find(account.id, id)
    if (own !== undefined) return own.link
    const link = await oldestOpen(account, address, receivedAt)
    const mayBeRepeated = first !== undefined && link !== undefined
    if (mayBeRepeated && !hasCome(receivedAt + TELLING_MS, clock.now(), TELLING_MS)) return 'later'
    await failureGuesses.note(account.id, first === undefined ? told : id, { entryId: id, link })
    return link
  }

  return async (account: Account, entry: Entry, event: SendFailedEvent): Promise<FailedSend> => {
    const link = await named(account, event)
    if (link !== undefined || event.msgId !== undefined) return { link, isCertain: true }
    const address = event.to ?? event.key?.chat
    if (address === undefined) {
      await unnamedFailures.note(account.id, entry)
      return { link: undefined, isCertain: false }
    }
    const guess = await guessed(account, entry, { address, told: event.digest ?? entry.id })
    if (guess === 'later') return { waitUntil: clock.now() + ASK_AGAIN_MS }
    return { link: guess, isCertain: false }
  }
}
