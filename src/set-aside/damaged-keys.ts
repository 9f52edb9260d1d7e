import type { Redis } from 'ioredis'
import type { SetAsideKind } from './set-aside.ts'

/** Long enough for somebody to have a look. */
const KEEP_FOR_S = 30 * 24 * 3600

/** The hash that keeps what cannot be read of one kind, by key and id there. `prefix` is that of all the bridge's keys. */
export function damagedKey(prefix: string, what: SetAsideKind): string {
  return `${prefix}damaged:${what}`
}

/** Durable once resolved; only then may it be removed from where it stood. Doing it twice changes nothing. */
export async function keepDamaged(
  redis: Redis,
  key: string,
  { where, id, text }: { where: string; id: string; text: string },
): Promise<void> {
  await redis.hset(key, `${where} ${id}`, text)
  await redis.expire(key, KEEP_FOR_S)
}
