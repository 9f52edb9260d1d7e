import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Lanes } from '../delivery/lanes/lanes.ts'
import { PermanentError } from '../errors.ts'
import { withPhone } from '../identity/lid-lookup.ts'
import type { OwnIdentity } from '../identity/own.ts'
import { aliasesOf, createPeople } from '../identity/people.ts'
import type { Store } from '../store/types.ts'
import { createBringContact } from './bring-contact.ts'
import type { Candidate } from './candidate.ts'
import { createForeseeContact } from './foresee-contact.ts'
import type { SkipReason } from './progress.ts'
import type { Outcome } from './tally.ts'

/** What became of somebody, without saying who. */
type Result = Omit<Outcome, 'chat'> & { chat?: string }

const skipped = (reason: SkipReason): Result => ({ result: 'skipped', reason })

/**
 * Brings one person, or with `dryRun` only tells what that would come to. `attempt` counts what failed for them before.
 *
 * @throws what a platform throws, except that Chatwoot refuses this very contact.
 */
export function createImportOne(deps: {
  store: Store
  lanes: Pick<Lanes, 'size'>
  own: OwnIdentity
  clock: Clock
}) {
  const { store, lanes, own, clock } = deps
  const people = createPeople({ store, clock, own })
  const bring = createBringContact({ store, people, clock })
  const foresee = createForeseeContact({ store, people })

  /** Two that look for the same contact at once might both make it. */
  async function isBusy(account: Account, { who }: Candidate): Promise<boolean> {
    const key = (await people.find(account.id, who)) ?? (aliasesOf(who)[0] as string)
    return (await lanes.size({ direction: 'in', account: account.id, key })) > 0
  }

  /** The list says of each entry that all its addresses are one person's. */
  async function isOurEntry(account: Account, { who }: Candidate): Promise<boolean> {
    const { phone } = who
    if (await own.isOwnChat(account, who)) return true
    return phone !== undefined && own.isUs(account, { kind: 'phone', digits: phone })
  }

  return async (
    account: Account,
    candidate: Candidate,
    { dryRun, attempt }: { dryRun: boolean; attempt: number },
  ): Promise<Result> => {
    if (await isOurEntry(account, candidate)) return skipped('own')
    if (await isBusy(account, candidate)) return skipped('busy')
    try {
      const who = await withPhone(account, people, candidate.who, attempt)
      return await (dryRun ? foresee : bring)(account, { ...candidate, who })
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error
      return { ...skipped('refused'), code: error.code }
    }
  }
}
