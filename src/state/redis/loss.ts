import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { createOnceEvery } from '../../kernel/async.ts'
import type { Clock } from '../../kernel/clock.ts'
import { systemCode, writeDurably } from '../../kernel/durable-file.ts'
import { awayReason } from './away.ts'
import { redisKey } from './keys.ts'
import { luaScript, runScript } from './script.ts'

/** Redis does not hold any more what it once said was safe. */
export type Loss = {
  /** `all`: it was emptied, or is another one. `some`: it is back in an older state, by a copy or a replica that was behind. */
  what: 'all' | 'some'
  /** Names it, for all processes that share this Redis. */
  id: string
  /** When it was noticed, ms since 1970. */
  at: number
}

/** Notices when Redis lost what it held. */
export type LossWatch = {
  /** Calls it with every loss, and waits for it. It only begins what mends, and waits for nothing long. */
  onLoss(listener: (loss: Loss) => void | Promise<void>): void
  /** Compares what Redis says with what is known. Rejects while Redis is away. */
  look(): Promise<void>
  /** Looks every so often, and whenever Redis was away. */
  start(): void
  /**
   * What came before this moment (ms since 1970) and still waits may have been done already, after the older state that Redis
   * is in was copied; 0 when that never happened.
   */
  doubtBefore(): number
  /** What was lost within the last day, if anything was. */
  lately(): Loss | undefined
  close(): Promise<void>
}

const EVERY_MS = 3_000
const LATELY_MS = 24 * 3_600_000
const COMPLAIN_EVERY_MS = 10 * 60_000

/** What this process knows for sure that Redis held, and when that was. */
const knownSchema = z.object({ epoch: z.string().min(1), count: z.number(), at: z.number() })
type Known = z.infer<typeof knownSchema>

/**
 * Redis counts the looks; what it has counted is known on disk right after. A Redis that knows fewer of them, or no epoch, has
 * lost something. A new epoch then tells that to the other processes.
 *
 * KEYS marker; ARGV the known epoch or nothing, the known count, a new epoch, until when the known count was true. Answers with
 * what happened, the epoch, the count and until when what waits is in doubt.
 */
const LOOK = luaScript(
  `
local kept = redis.call('HMGET', KEYS[1], 'epoch', 'count', 'doubt')
local epoch, count, doubt = kept[1] or '', tonumber(kept[2] or '0'), tonumber(kept[3] or '0')
local found = 'kept'
if ARGV[1] ~= '' then
  if epoch == '' then found = 'all'
  elseif epoch ~= ARGV[1] or count < tonumber(ARGV[2]) then found = 'some' end
end
if found ~= 'kept' then doubt = math.max(doubt, tonumber(ARGV[4])) end
if epoch == '' or epoch == ARGV[1] and found == 'some' then epoch = ARGV[3] end
redis.call('HSET', KEYS[1], 'epoch', epoch, 'count', count + 1, 'doubt', string.format('%.0f', doubt))
return { found, epoch, count + 1, string.format('%.0f', doubt) }`,
  z.tuple([z.enum(['kept', 'all', 'some']), z.string(), z.number(), z.coerce.number()]),
)

export function createLossWatch(options: {
  redis: Redis
  prefix: string
  /** Where to remember it on disk. */
  file: string
  clock: Clock
  onError: (error: unknown) => void
}): LossWatch {
  const { redis, prefix, file, clock, onError } = options
  const listeners: ((loss: Loss) => void | Promise<void>)[] = []
  const isNews = createOnceEvery(COMPLAIN_EVERY_MS)
  let known: Known | undefined
  let hasRead = false
  let doubt = 0
  let last: Loss | undefined
  let looking: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  async function compare(): Promise<void> {
    if (!hasRead) known = await readKnown(file)
    hasRead = true
    const { epoch = '', count = 0, at = 0 } = known ?? {}
    const [found, now, counted, until] = await runScript(
      redis,
      LOOK,
      [redisKey(prefix, 'marker')],
      [epoch, count, randomUUID(), Math.min(at, clock.now())],
    )
    doubt = until
    const next = { epoch: now, count: counted, at: clock.now() }
    if (found !== 'kept') {
      last = { what: found, id: now, at: next.at }
      // Noticed again by the next process if this one is killed before.
      for (const tell of listeners) await tell(last)
    }
    known = next
    await writeDurably(file, JSON.stringify(next)).catch(complain)
  }

  function complain(error: unknown): void {
    if (isNews(systemCode(error))) onError(error)
  }

  /** Two looks at once would take each other for a loss. */
  function look(): Promise<void> {
    looking = looking.then(compare, compare)
    return looking
  }

  const lookAgain = () => {
    look().catch((error: unknown) => {
      if (awayReason(error) === undefined) complain(error)
    })
  }

  return {
    onLoss: (listener) => void listeners.push(listener),
    async look() {
      try {
        await look()
      } catch (error) {
        if (awayReason(error) !== undefined) throw error
        complain(error)
      }
    },
    start() {
      redis.on('ready', lookAgain)
      timer = setInterval(lookAgain, EVERY_MS)
      timer.unref()
    },
    // In the future only for a clock that was wrong.
    doubtBefore: () => (doubt > clock.now() ? 0 : doubt),
    lately: () => (last !== undefined && clock.now() - last.at < LATELY_MS ? last : undefined),
    async close() {
      clearInterval(timer)
      redis.off('ready', lookAgain)
      await looking.catch(() => {})
    },
  }
}

/** What cannot be read is as good as never known: nothing is taken for lost then. */
async function readKnown(file: string): Promise<Known | undefined> {
  try {
    return knownSchema.safeParse(JSON.parse(await readFile(file, 'utf8'))).data
  } catch {
    return undefined
  }
}

/** What happened, and what that means, for admins. `remembers`: where the bridge keeps what it knows (`data.store`). */
export function lossInWords({ what }: Loss, remembers: 'file' | 'redis'): string {
  const happened =
    what === 'all'
      ? 'Redis has lost everything it held: it was emptied, or is another one than before.'
      : 'Redis is back in an older state: an old copy was restored, or a replica took over that was behind.'
  const agents =
    remembers === 'file'
      ? 'What agents wrote and is missing is looked for in Chatwoot and sent.'
      : 'What the bridge remembers was in there, so what agents wrote before is not sent by itself any more: look whether it was.'
  return `${happened} ${agents} What customers wrote and was lost is on the phone.`
}
