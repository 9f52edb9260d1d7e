import type { MiddlewareHandler } from 'hono'
import type { Clock } from '../../src/kernel/clock.ts'
import type { Env } from './http.ts'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'

/** The documented limit of paid plans, told in the headers even where it is not enforced. */
const PER_MINUTE = 256
const MINUTE_MS = 60_000

type Refusal = { message: string; waitMs: number }

/**
 * Limits of the send route (docs/platforms/wasender.md#rate-limits): one per `paceMs` with account protection, else
 * `perMinute`. Only accepted sends count, and the refusal has no `success`.
 */
export function createThrottle(clock: Clock, settings: Settings): MiddlewareHandler<Env> {
  const accepted = new Map<number, number[]>()

  function recentOf(session: Session): number[] {
    const since = clock.now() - Math.max(MINUTE_MS, settings.paceMs)
    // No more than the limit can matter; load runs send far more than that in a minute.
    const kept = (accepted.get(session.id) ?? []).slice(-(settings.perMinute ?? PER_MINUTE))
    const recent = kept.filter((at) => at > since)
    accepted.set(session.id, recent)
    return recent
  }

  /** Looked up anew: another request may have replaced the list meanwhile. */
  function giveBack(session: Session, at: number): void {
    const times = accepted.get(session.id) ?? []
    times.splice(times.indexOf(at), 1)
  }

  function refusalOf(session: Session, recent: number[]): Refusal | undefined {
    const now = clock.now()
    if (session.accountProtection) {
      const waitMs = (recent.at(-1) ?? Number.NEGATIVE_INFINITY) + settings.paceMs - now
      return waitMs > 0 ? { message: PROTECTED, waitMs } : undefined
    }
    const lastMinute = recent.filter((at) => at > now - MINUTE_MS)
    const [oldest = now] = lastMinute
    const isFull = settings.perMinute !== undefined && lastMinute.length >= settings.perMinute
    return isFull ? { message: 'Too Many Attempts.', waitMs: oldest + MINUTE_MS - now } : undefined
  }

  return async (c, next) => {
    const session = c.get('session')
    const recent = recentOf(session)
    const refusal = refusalOf(session, recent)
    const limit = session.accountProtection ? 1 : (settings.perMinute ?? PER_MINUTE)
    if (refusal !== undefined) {
      const seconds = Math.ceil(refusal.waitMs / 1000)
      c.res = c.json({ message: refusal.message, retry_after: seconds }, 429)
    } else {
      // Taken before the work, so that two requests at once cannot both find the slot free.
      const now = clock.now()
      recent.push(now)
      await next()
      if (c.res.status !== 200) giveBack(session, now)
    }
    const used = session.accountProtection ? 1 : recent.length
    c.res.headers.set('X-RateLimit-Limit', String(limit))
    c.res.headers.set('X-RateLimit-Remaining', String(Math.max(0, limit - used)))
    c.res.headers.set('X-RateLimit-Reset', String(resetOf(refusal, session, settings)))
  }
}

const PROTECTED =
  'You have account protection enabled. You can only send 1 message every 5 seconds. ' +
  'Check our API docs: https://www.wasenderapi.com/api-docs'

/** Seconds until the limit is whole again, as the newest docs say. */
function resetOf(refusal: Refusal | undefined, session: Session, { paceMs }: Settings): number {
  const waitMs = refusal?.waitMs ?? (session.accountProtection ? paceMs : MINUTE_MS)
  return Math.ceil(waitMs / 1000)
}
