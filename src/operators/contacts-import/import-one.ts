import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import { PermanentError } from '../../kernel/errors.ts'
import { asId, type ChatId } from '../../kernel/ids.ts'
import { findContact, sourceIdOf } from '../../people/contacts.ts'
import { withPhone } from '../../people/open-lids.ts'
import type { OwnIdentity } from '../../people/own.ts'
import { aliasesOf, createPeople, type People } from '../../people/people.ts'
import type { Lanes } from '../../queue/lanes.ts'
import { storeKey } from '../../state/store/keys.ts'
import type { Store } from '../../state/store/types.ts'
import { type Brought, type Candidate, createBringContact, isInPlace } from './bring-contact.ts'
import type { Outcome, SkipReason } from './progress.ts'

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

/** What bringing a contact would come to; writes nothing anywhere. */
function createForeseeContact({ store, people }: { store: Store; people: People }) {
  return async (account: Account, { who }: Candidate): Promise<Brought> => {
    const chat = (await people.find(account.id, who)) ?? asId<ChatId>(aliasesOf(who)[0] as string)
    const known = await store.chats.get(storeKey.chat(account.id, chat))
    if (await isInPlace(account, known)) return { chat, result: 'unchanged' }
    const { contacts } = account.chatwoot
    const found =
      (await contacts.findBySource(account.inboxId, sourceIdOf(who))) ??
      (await findContact(account, who))
    return { chat, result: found === undefined ? 'created' : 'linked' }
  }
}
