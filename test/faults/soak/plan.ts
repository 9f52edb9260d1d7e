import type { FaultKind } from '../../../sandbox/faults.ts'
import { createRandom, type Random } from '../../../sandbox/wasender/random.ts'

export const IN_KINDS = [
  ...['text', 'text', 'text', 'reply'],
  ...['image', 'document', 'voice', 'location', 'contact', 'poll'],
  // Characters that nothing can store, and what costs more than people write.
  ...['odd', 'heavy'],
] as const
export const OUT_KINDS = [
  'text',
  'text',
  'text',
  'quote',
  'image',
  'files',
  'text-and-file',
] as const
export type InKind = (typeof IN_KINDS)[number]
export type OutKind = (typeof OUT_KINDS)[number]

/** What goes wrong with the next requests to a platform. */
export type Trouble = {
  platform: 'wasender' | 'chatwoot'
  path: string
  times: number
  fault: FaultKind
}

/** One thing that happens in a round, so many milliseconds after its start. */
export type Step = { at: number } & (
  | { do: 'write'; account: number; customer: number; kind: InKind; lid: boolean }
  | { do: 'type'; account: number; customer: number }
  | { do: 'reply'; account: number; customer: number; kind: OutKind }
  | { do: 'kill-bridge'; downMs: number }
  | { do: 'kill-redis' }
  | { do: 'trouble'; trouble: Trouble }
  /** Every request to the platform is refused for a while. */
  | { do: 'away'; platform: Trouble['platform']; ms: number }
  | { do: 'disconnect'; account: number; ms: number }
)

export type RoundPlan = {
  seed: number
  /**
   * Deliveries that come twice, late by up to so many milliseconds, and the share of Chatwoot's that never comes. (What
   * WasenderAPI never delivers cannot be had from anywhere.)
   */
  webhooks: {
    duplicate: boolean
    delayMs: number
    dropped: number
    /** They overtake each other by so many milliseconds. */
    overtakeMs: number
    /** The share that comes seconds late. */
    late: number
  }
  /** Chatwoot answers each GET after a time of its own, up to so many milliseconds. */
  slowMs: number
  steps: Step[]
}

const PATHS = {
  wasender: ['/send-message', '/send-message', '/upload', '/decrypt-media', '/info'],
  chatwoot: ['/messages', '/messages', '/messages', '/contacts', '/conversations'],
} as const

const FAULTS: ((random: Random) => FaultKind)[] = [
  (random) => ({ kind: 'delay', ms: random.between(50, 400) }),
  (random) => ({ kind: 'delay-after', ms: random.between(50, 400) }),
  () => ({ kind: 'delay-after', ms: 60_000 }),
  () => ({ kind: 'hang' }),
  () => ({ kind: 'refuse' }),
  () => ({ kind: 'drop-after' }),
  () => ({ kind: 'fail-after', status: 500 }),
  () => ({ kind: 'answer', status: 500 }),
  () => ({ kind: 'answer', status: 503, headers: { 'retry-after': '1' } }),
  () => ({ kind: 'answer', status: 429, body: { message: 'Slow down.', retry_after: 1 } }),
  () => ({ kind: 'html' }),
  () => ({ kind: 'bad-json' }),
]

export type RoundSize = {
  accounts: number
  customers: number
  messages: number
  ms: number
}

/** What happens in one round. The same seed gives the same plan. */
export function planRound(seed: number, size: RoundSize): RoundPlan {
  const random = createRandom(seed)
  const one = <T>(items: readonly T[]): T => items[random.between(0, items.length - 1)] as T
  const at = () => random.between(0, size.ms)
  const chat = () => ({
    account: random.between(0, size.accounts - 1),
    customer: random.between(0, size.customers - 1),
  })
  const platform = () => one(['wasender', 'chatwoot'] as const)

  const message = (): Step => {
    const dice = random.next()
    if (dice < 0.05) return { at: at(), do: 'type', ...chat() }
    if (dice < 0.55) {
      const lid = random.next() < 0.3
      return { at: at(), do: 'write', ...chat(), kind: one(IN_KINDS), lid }
    }
    return { at: at(), do: 'reply', ...chat(), kind: one(OUT_KINDS) }
  }
  const trouble = (): Step => {
    const where = platform()
    const fault = one(FAULTS)(random)
    const path = one(PATHS[where])
    return {
      at: at(),
      do: 'trouble',
      trouble: { platform: where, path, times: random.between(1, 2), fault },
    }
  }
  const rare = (share: number, make: () => Step): Step[] => (random.next() < share ? [make()] : [])
  const times = (count: number, make: () => Step): Step[] => Array.from({ length: count }, make)

  const steps = [
    ...times(size.messages, message),
    ...times(random.between(1, 2), () => ({
      at: at(),
      do: 'kill-bridge',
      downMs: random.between(0, 600),
    })),
    ...times(random.between(0, 1), () => ({ at: at(), do: 'kill-redis' })),
    ...times(random.between(0, 3), trouble),
    ...rare(0.3, () => ({
      at: at(),
      do: 'away',
      platform: platform(),
      ms: random.between(200, 900),
    })),
    ...rare(0.2, () => ({ ...chat(), at: at(), do: 'disconnect', ms: random.between(200, 900) })),
  ]
  return {
    seed,
    webhooks: {
      duplicate: random.next() < 0.5,
      delayMs: random.between(0, 60),
      dropped: random.next() < 0.4 ? 0.1 : 0,
      overtakeMs: random.next() < 0.5 ? random.between(50, 600) : 0,
      late: random.next() < 0.3 ? 0.1 : 0,
    },
    steps: steps.sort((a, b) => a.at - b.at),
    slowMs: random.next() < 0.3 ? random.between(200, 4_000) : 0,
  }
}
