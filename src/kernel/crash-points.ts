/**
 * The steps at which a test may stop the process for good, by the part that takes them: every write to Redis, to the
 * store and to either platform on both ways of a message. Each can be cut before it begins and after it has ended.
 */
export const CRASH_STEPS = {
  spool: ['append', 'drain'],
  lanes: ['append', 'save', 'remove'],
  claims: ['claim', 'move'],
  early: ['keep'],
  failures: ['add'],
  pace: ['pass', 'left'],
  infoPolls: ['schedule'],
  journal: ['begin', 'note', 'withdraw'],
  links: ['put', 'update'],
  chats: ['put', 'update'],
  aliases: ['put'],
  'chatwoot.contacts': ['create'],
  'chatwoot.conversations': ['create'],
  'chatwoot.messages': ['create', 'createWithAttachments', 'updateStatus'],
  'wasender.messages': ['send'],
  'wasender.media': ['decrypt', 'upload'],
} as const

export type CrashPart = keyof typeof CRASH_STEPS
type StepOf<P extends CrashPart> = (typeof CRASH_STEPS)[P][number]
export type CrashStep = { [P in CrashPart]: `${P}.${StepOf<P>}` }[CrashPart]
export type CrashPoint = `${CrashStep}.${'before' | 'after'}`

/** Every point by its name, such as `journal.begin.after`. */
export const CRASH_POINTS: readonly CrashPoint[] = Object.entries(CRASH_STEPS).flatMap(
  ([part, steps]) =>
    steps.flatMap((step) =>
      (['before', 'after'] as const).map((when) => `${part}.${step}.${when}` as CrashPoint),
    ),
)

type Method = (...args: never[]) => Promise<unknown>
type Target<P extends CrashPart> = Record<StepOf<P>, Method>

/** Gives a part back with its crash points in it. */
export type WithCrashPoints = <P extends CrashPart, T extends Target<P>>(part: P, target: T) => T

/**
 * `BRIDGE_CRASH_AT=journal.begin.after` ends the process the first time it comes to that point,
 * `BRIDGE_CRASH_AT=journal.begin.after:3` the third time. The variable means nothing unless `NODE_ENV` is `test`; every
 * part is then given back as it is, so that the points cost nothing and cannot be reached.
 */
export function createCrashPoints(options: {
  env: Readonly<Record<string, string | undefined>>
  /** Ends the process at once, without any clearing up. */
  crash: () => void
}): WithCrashPoints {
  const { env, crash } = options
  const armed = env.NODE_ENV === 'test' ? env.BRIDGE_CRASH_AT : undefined
  if (armed === undefined) return (_part, target) => target
  const [point, nth = '1'] = armed.split(':')
  if (!CRASH_POINTS.some((known) => known === point)) {
    throw new Error(`BRIDGE_CRASH_AT names no crash point: ${point}`)
  }
  let left = Number(nth)
  const reach = (name: string): void => {
    if (name !== point) return
    left -= 1
    if (left === 0) crash()
  }
  return (part, target) => (point?.startsWith(`${part}.`) ? stopping(part, target, reach) : target)
}

function stopping<T extends object>(part: CrashPart, target: T, reach: (name: string) => void): T {
  const steps: readonly PropertyKey[] = CRASH_STEPS[part]
  return new Proxy(target, {
    get(from, key) {
      const method: unknown = Reflect.get(from, key)
      if (typeof method !== 'function' || !steps.includes(key)) return method
      return async (...args: unknown[]) => {
        reach(`${part}.${String(key)}.before`)
        const result: unknown = await method.apply(from, args)
        reach(`${part}.${String(key)}.after`)
        return result
      }
    },
  })
}

export const withCrashPoints = createCrashPoints({
  env: process.env,
  crash: () => process.kill(process.pid, 'SIGKILL'),
})
