import { once } from 'node:events'
import type { Account } from '../../accounts/account.ts'
import { BridgeError } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/ids.ts'
import {
  type ContactsImportDeps,
  createContactsImport,
  type ImportOptions,
} from './contacts-import.ts'
import { createTally, type Progress } from './progress.ts'

/** The imports of this process: one per account at a time, and none once the bridge stops. */
export type RunningImports = {
  mayBegin(account: Account): boolean
  /** Ends with the progress `end` or `stopped`; never throws. `signal`: nobody listens any more. */
  run(account: Account, options: ImportOptions & { signal: AbortSignal }): Promise<void>
  /** Lets each finish the contact in hand. */
  stop(): Promise<void>
}

const INTERRUPTED = {
  code: 'import.interrupted',
  message: 'The bridge was stopped. Run the import again: it goes on.',
}

export function createRunningImports(
  deps: ContactsImportDeps & { onError: (error: unknown) => void },
): RunningImports {
  const importContacts = createContactsImport(deps)
  const running = new Map<AccountId, Promise<void>>()
  const stopping = new AbortController()
  const stopped = once(stopping.signal, 'abort')

  /** Why an import broke off, in words for whoever started it. */
  function reasonOf(error: unknown, signal: AbortSignal): { code: string; message: string } {
    if (signal.aborted) return INTERRUPTED
    if (error instanceof BridgeError) return { code: error.code, message: error.message }
    deps.onError(error)
    return { code: 'bridge.unexpected', message: 'Unexpected error, see the log.' }
  }

  async function begin(account: Account, options: Parameters<RunningImports['run']>[1]) {
    const signal = AbortSignal.any([options.signal, stopping.signal])
    const tally = createTally()
    // Who started it may have stopped listening without hanging up, which must not keep the bridge from stopping.
    const tell = async (progress: Progress) => {
      await Promise.race([options.tell(progress), stopped])
    }
    try {
      await importContacts(account, { ...options, signal, tally, tell })
    } catch (error) {
      await tell({ type: 'stopped', ...reasonOf(error, signal), ...tally.sums() })
    }
  }

  return {
    mayBegin: ({ id }) => !stopping.signal.aborted && !running.has(id),
    run(account, options) {
      const done = begin(account, options).finally(() => running.delete(account.id))
      running.set(account.id, done)
      return done
    },
    async stop() {
      stopping.abort()
      await Promise.all(running.values())
    },
  }
}
