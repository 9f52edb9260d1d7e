import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { withTimeout } from '../../../kernel/async.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { MEMORIES } from '../../../state/redis/memories.ts'
import { createMemory, type RedisState } from '../../../state/redis/memory.ts'

/** What proves that somebody has signed in, as the cookie holds it. */
export type AdminSession = {
  id: string
  /** Milliseconds since 1970. */
  expiresAt: number
}

/** How long a sign-in lasts. */
export const SIGNED_IN_MS = 12 * 60 * 60_000

/**
 * Sign-ins that need no list of who is signed in: they are signed with a key made from the admin token, so a changed
 * token ends them all. Only those that were ended early are remembered.
 */
export type AdminSessions = {
  /** A new one, as the cookie's value. */
  issue(): string
  /**
   * `undefined` when it is forged, over or was ended, here or in another process. While Redis is away nobody can tell, and
   * only those are taken that this process has handed out.
   */
  read(value: string | undefined): Promise<AdminSession | undefined>
  /** Somebody signs out. */
  end(adminSession: AdminSession): Promise<void>
  /** What every form of this sign-in carries, and no other site can know. */
  formToken(adminSession: AdminSession): string
  isFormToken(adminSession: AdminSession, given: string | undefined): boolean
}

export function createAdminSessions({
  token,
  clock,
  ended,
}: {
  token: string
  clock: Clock
  ended: EndedSignIns
}): AdminSessions {
  const key = createHmac('sha256', token).update('admin sign-in').digest()
  /** Those that were handed out here and not ended here, until they are over. */
  const here = new Map<string, number>()
  const endedHere = new Map<string, number>()
  const sign = (text: string) => createHmac('sha256', key).update(text).digest('base64url')
  const formToken = ({ id }: AdminSession) => sign(`form.${id}`)

  return {
    issue() {
      forgetOld(here, clock.now())
      const [id, expiresAt] = [randomBytes(18).toString('base64url'), clock.now() + SIGNED_IN_MS]
      here.set(id, expiresAt)
      const body = `${id}.${expiresAt}`
      return `${body}.${sign(`ticket.${body}`)}`
    },
    async read(value = '') {
      const [id = '', expiry = '', signature = ''] = value.split('.')
      if (!isEqual(signature, sign(`ticket.${id}.${expiry}`))) return undefined
      const adminSession = { id, expiresAt: Number(expiry) }
      if (adminSession.expiresAt <= clock.now() || endedHere.has(id)) return undefined
      const isEnded = await ended.has(id)
      const isGood = isEnded === 'unknown' ? here.has(id) : !isEnded
      return isGood ? adminSession : undefined
    },
    async end({ id, expiresAt }) {
      forgetOld(endedHere, clock.now())
      endedHere.set(id, expiresAt)
      here.delete(id)
      await ended.add(id, expiresAt)
    },
    formToken,
    isFormToken: (adminSession, given = '') => isEqual(given, formToken(adminSession)),
  }
}

function forgetOld(adminSessions: Map<string, number>, now: number): void {
  for (const [id, until] of adminSessions) if (until <= now) adminSessions.delete(id)
}

function isEqual(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/** Sign-ins that were ended before their time: known in every process that shares the Redis, and after a restart. */
export type EndedSignIns = {
  /** `unknown` while Redis is away. */
  has(id: string): Promise<boolean | 'unknown'>
  /** Remembers one until it would have ended by itself, at `expiresAt` (ms). Written once Redis takes it. */
  add(id: string, expiresAt: number): Promise<void>
}

/** A page is not kept waiting for a Redis that is slow. */
const PATIENCE_MS = 1_000
const AGAIN_MS = 5_000

export function createEndedSignIns(deps: RedisState & { clock: Clock }): EndedSignIns {
  const { clock } = deps
  const signedOut = createMemory(deps, MEMORIES.signedOut)

  async function add(id: string, expiresAt: number): Promise<void> {
    const left = Math.ceil(expiresAt - clock.now())
    if (left <= 0) return
    try {
      await withTimeout(PATIENCE_MS, signedOut(id).set('1', left), giveUp)
    } catch {
      // Redis is away, which others tell of. Until it is back this process knows it by itself.
      setTimeout(() => void add(id, expiresAt), AGAIN_MS).unref()
    }
  }

  return {
    add,
    async has(id) {
      try {
        return await withTimeout(PATIENCE_MS, signedOut(id).exists(), giveUp)
      } catch {
        return 'unknown'
      }
    },
  }
}

function giveUp(): never {
  throw new Error('Redis does not answer in time.')
}
