import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import {
  type BridgeError,
  OperatorNeededError,
  OutcomeUnknownError,
  RateLimitedError,
  SessionDownError,
  TransientError,
} from '../../kernel/errors.ts'
import { createOwnIdentity } from '../../people/own.ts'
import type { WhatsappContact } from '../../platforms/wasender/contacts.ts'
import type { Lanes } from '../../queue/lanes.ts'
import type { Store } from '../../state/store/types.ts'
import { candidateOf } from './bring-contact.ts'
import { createImportOne } from './import-one.ts'
import type { Outcome, Progress, Tally } from './progress.ts'

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
type ContactsImport = (
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

type ListedContact = { contact: WhatsappContact; total: number | null }

const PER_PAGE = 100

/**
 * The session's contacts, page by page (docs/platforms/wasender.md#people-and-addresses). A gateway that does not say
 * how many pages there are is asked until a page holds nothing new, which also ends with one that gives the same page
 * again and again.
 */
export async function* listedContacts(
  account: Account,
  ask: <T>(work: () => Promise<T>) => Promise<T>,
): AsyncGenerator<ListedContact> {
  const seen = new Set<string>()
  for (let number = 1; ; number += 1) {
    const page = await ask(() =>
      account.wasender.contacts.list({ page: number, perPage: PER_PAGE }),
    )
    const before = seen.size
    for (const contact of page.items) {
      if (seen.has(contact.jid)) continue
      seen.add(contact.jid)
      yield { contact, total: page.total ?? null }
    }
    if (seen.size === before || number >= (page.totalPages ?? Number.POSITIVE_INFINITY)) return
  }
}

/** Does one piece of work after the other, slowly, and again when it failed for the moment. */
type Patience = <T>(work: (attempt: number) => Promise<T>) => Promise<T>

/**
 * Between two contacts, each a few requests: far below Chatwoot's 3000 a minute
 * (docs/platforms/chatwoot.md#rate-limits).
 */
const PAUSE_MS = 250
/** Some servers allow a tenth of that. Once told to slow down, an import stays slow: customers go first. */
const MAX_PAUSE_MS = 4_000
/** Whoever started it sits and waits: longer than this, they may rather come back later. */
const MAX_WAIT_MS = 120_000
const WAITS_MS = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000]

export function createPatience(options: {
  signal: AbortSignal
  onWait: (error: BridgeError, ms: number) => Promise<void>
  pauseMs?: number | undefined
  waitsMs?: readonly number[] | undefined
}): Patience {
  const { signal, onWait, waitsMs = WAITS_MS } = options
  let pause = options.pauseMs ?? PAUSE_MS
  let isFirst = true

  /** Resolves when it is time to try again; throws when that has no sense. */
  async function recover(error: unknown, attempt: number): Promise<void> {
    const wait = waitsMs[attempt]
    const asked = error instanceof RateLimitedError ? error.waitMs : 0
    if (!isPassing(error) || wait === undefined || asked > MAX_WAIT_MS) throw error
    if (asked > 0) pause = Math.min(pause * 2, MAX_PAUSE_MS)
    const ms = Math.max(wait, asked)
    await onWait(error, ms)
    await sleep(ms, undefined, { signal })
  }

  return async (work) => {
    if (!isFirst) await sleep(pause, undefined, { signal })
    isFirst = false
    for (let attempt = 0; ; attempt += 1) {
      signal.throwIfAborted()
      try {
        return await work(attempt)
      } catch (error) {
        await recover(error, attempt)
      }
    }
  }
}

/** Nobody has to act first. Work that may have been done looks for its result before it is done again. */
function isPassing(error: unknown): error is TransientError | OutcomeUnknownError {
  if (error instanceof OperatorNeededError || error instanceof SessionDownError) return false
  return error instanceof TransientError || error instanceof OutcomeUnknownError
}
