import { TransientError } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { OpenLids } from '../../people/open-lids.ts'
import type { Failures } from '../../queue/dead-letters/failures.ts'
import type { Lane } from '../../queue/entry.ts'
import type { Lanes } from '../../queue/lanes.ts'
import { storeKey } from '../../state/store/keys.ts'
import type { Kept } from './kept.ts'
import { findPerson, type Person, type Wanted } from './person.ts'
import { isNothing, type Traces, type TracesDeps, tracesOf } from './traces.ts'

/** Finds and erases what the bridge keeps of a person, wherever it is. */
export type ContactsForget = {
  find(account: AccountId, wanted: Wanted): Promise<Kept>
  /**
   * Erases it, and says what it was. What Chatwoot and WhatsApp keep is theirs to erase.
   *
   * @throws {TransientError} while webhooks wait on disk, or when new ones of the person keep coming in.
   */
  erase(account: AccountId, wanted: Wanted): Promise<Kept>
}

export type ContactsForgetDeps = TracesDeps & {
  lanes: Pick<Lanes, 'remove'>
  failures: Pick<Failures, 'remove'>
  openLids: Pick<OpenLids, 'close'>
  isSpooling: () => boolean
  /** Leaves no trace of a lane that was emptied. */
  forgetLane: (lane: Lane) => Promise<void>
  /** Has Redis write its files anew, without what was deleted; nothing when its files are somebody else's. */
  rewriteFiles: () => Promise<void>
}

/** A turn that is in hand may write once more of somebody who is being erased. */
const ROUNDS = 5

export function createContactsForget(deps: ContactsForgetDeps): ContactsForget {
  const { store, lanes, failures } = deps

  /** What somebody is found by goes last, so that an interrupted erasure is found again: the address, or the contact. */
  async function removeRecords(wanted: Wanted, { person, chats, aliases }: Traces): Promise<void> {
    const steps = [
      () => store.chats.erase(everyVersion(person, chats)),
      () => store.aliases.erase(everyVersion(person, aliases)),
    ]
    for (const step of 'contact' in wanted ? steps.reverse() : steps) await step()
  }

  async function remove(wanted: Wanted, found: Traces): Promise<void> {
    for (const { lane, id } of found.entries) await lanes.remove(lane, id)
    for (const lane of found.jobs) await deps.forgetLane(lane)
    for (const id of found.failures) await failures.remove({ id })
    if (found.memories.length > 0) await deps.redis.del(...found.memories)
    await deps.openLids.close(found.person.account, found.openLids)
    await store.links.erase(found.links)
    await removeRecords(wanted, found)
  }

  async function eraseAll(wanted: Wanted, first: Traces): Promise<void> {
    let found = first
    for (let round = 0; round < ROUNDS; round += 1) {
      await remove(wanted, found)
      found = await tracesOf(deps, first.person)
      if (isNothing(found)) return
    }
    throw stillWriting(first.person.account)
  }

  return {
    async find(account, wanted) {
      return keptOf(await tracesOf(deps, await findPerson(store, account, wanted)))
    },
    async erase(account, wanted) {
      if (deps.isSpooling()) throw stillSpooling()
      const found = await tracesOf(deps, await findPerson(store, account, wanted))
      await eraseAll(wanted, found)
      await deps.rewriteFiles()
      return keptOf(found)
    },
  }
}

/** Older versions of a record that is gone may still be in the files. */
function everyVersion({ account, names }: Person, found: ReadonlySet<string>): Set<string> {
  return new Set([...found, ...[...names].map((name) => storeKey.alias(account, name))])
}

function keptOf({ person, links, aliases, entries, failures, memories, openLids }: Traces): Kept {
  const conversations = person.chats.flatMap(({ conversationId }) => conversationId ?? [])
  return {
    account: person.account,
    conversations: [...new Set(conversations)],
    addresses: aliases.size,
    messages: links.size,
    waiting: entries.length,
    failures: failures.length,
    memories: memories.length + openLids.length,
  }
}

function stillSpooling(): TransientError {
  return new TransientError(
    'Webhooks wait on disk for Redis, and may be of this person. Try again when it is back.',
    { code: 'forget.spooling' },
  )
}

function stillWriting(account: AccountId): TransientError {
  return new TransientError(
    'Most is erased, but new messages of this person came in meanwhile. Try it once more.',
    { code: 'forget.busy', context: { account } },
  )
}
