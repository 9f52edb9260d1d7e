import type { Account } from '../../accounts/account.ts'
import type { OutboundMedia, Prepared } from '../../content/media/outbound/outbound-media.ts'
import type { PlannedPart } from '../../content/message/outbound/plan.ts'
import type { Clock } from '../../kernel/clock.ts'

/** An uploaded file stays for a day (docs/platforms/wasender.md#upload); after an hour something else is wrong. */
const KEEP_MS = 60 * 60_000
const KEEP = 500

type File = Extract<PlannedPart, { from: 'file' }>

export type PreparedFiles = ReturnType<typeof createPreparedFiles>

/**
 * Gets the files of agents' messages ready, each once: a part that has to wait for its slot, or is tried again, does
 * not carry its bytes a second time. Only addresses are kept, in memory; after a restart the file is fetched again.
 */
export function createPreparedFiles(deps: { outboundMedia: OutboundMedia; clock: Clock }) {
  const kept = new Map<string, { prepared: Prepared; until: number }>()

  function find(id: string): Prepared | undefined {
    const found = kept.get(id)
    return found !== undefined && found.until > deps.clock.now() ? found.prepared : undefined
  }

  function keep(id: string, prepared: Prepared): void {
    const [oldest] = kept.keys()
    if (kept.size >= KEEP && oldest !== undefined) kept.delete(oldest)
    kept.set(id, { prepared, until: deps.clock.now() + KEEP_MS })
  }

  return {
    /** `id` names the part. Throws like {@link OutboundMedia.prepare}. */
    async prepare(account: Account, id: string, file: File, attempts: number): Promise<Prepared> {
      const known = find(id)
      if (known !== undefined) return known
      const { attachment, caption } = file
      const options = { attempts, ...(caption === undefined ? {} : { caption }) }
      const prepared = await deps.outboundMedia.prepare(account, attachment, options)
      if ('content' in prepared) keep(id, prepared)
      return prepared
    },
    /** It was sent, or never will be. */
    forget: (id: string) => void kept.delete(id),
  }
}
