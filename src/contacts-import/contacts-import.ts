import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Lanes } from '../delivery/lanes/lanes.ts'
import { createOwnIdentity } from '../identity/own.ts'
import type { Store } from '../store/types.ts'
import type { WhatsappContact } from '../wasender/contact-schema.ts'
import { candidateOf } from './candidate.ts'
import { createImportOne } from './import-one.ts'
import { listedContacts } from './listed-contacts.ts'
import { createPatience, type Patience } from './patience.ts'
import type { Progress } from './progress.ts'
import type { Outcome, Tally } from './tally.ts'

/** What whoever starts an import says about it. */
export type ImportOptions = {
  /** Only tells what would happen. */
  dryRun: boolean
  /** Ends after so many were created or linked. */
  limit?: number | undefined
  tell: (progress: Progress) => Promise<void>
}

export type ContactsImportDeps = {
  store: Store
  lanes: Pick<Lanes, 'size'>
  clock: Clock
  pauseMs?: number
  waitsMs?: readonly number[]
}

/** Brings the contacts of an account's WhatsApp session into Chatwoot. */
export type ContactsImport = (
  account: Account,
  options: ImportOptions & { tally: Tally; signal: AbortSignal },
) => Promise<void>

/**
 * Goes through WhatsApp's list once, one contact after the other. Nothing of how far it came is remembered: what an
 * earlier import brought is found in its place, so running it again goes on where it broke off.
 *
 * @throws what ends it: a platform that does not come back, a token that is not taken, the caller's signal.
 */
export function createContactsImport(deps: ContactsImportDeps): ContactsImport {
  const { store, lanes, clock, pauseMs, waitsMs } = deps
  return async (account, { dryRun, limit, tell, tally, signal }) => {
    const own = createOwnIdentity({ clock })
    const importOne = createImportOne({ store, lanes, own, clock })
    const patience = createPatience({
      pauseMs,
      waitsMs,
      signal,
      onWait: ({ code }, ms) => tell({ type: 'waiting', code, seconds: Math.ceil(ms / 1000) }),
    })

    async function one(contact: WhatsappContact): Promise<Outcome> {
      const candidate = candidateOf(contact)
      const chat = contact.jid
      if ('skip' in candidate) return { chat, result: 'skipped', reason: candidate.skip }
      const result = await patience((attempt) => importOne(account, candidate, { dryRun, attempt }))
      return { chat, ...result }
    }

    await expectInbox(account, patience)
    for await (const { contact, total } of listedContacts(account, patience)) {
      const outcome = await one(contact)
      await tell({ type: 'contact', ...outcome, done: tally.add(outcome), total })
      if (limit !== undefined && tally.brought() >= limit) {
        return tell({ type: 'end', because: 'limit', dryRun, ...tally.sums() })
      }
    }
    await tell({ type: 'end', because: 'all', dryRun, ...tally.sums() })
  }
}

/** A wrong inbox would otherwise be told of every single contact. */
async function expectInbox({ chatwoot, inboxId }: Account, patience: Patience): Promise<void> {
  await patience(() => chatwoot.inboxes.get(inboxId))
}
