import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { MediaRef } from '../../content/message/canonical.ts'
import { type AccountId, asId, type KeyId } from '../../kernel/ids.ts'
import { parseBody } from '../../platforms/upstream/transport.ts'
import { memoryText } from '../../state/set-aside/set-aside.ts'

/** Longer than anything is retried, as claims are kept. */
const KEEP_FOR_S = 8 * 24 * 3600

/** `waiting`: the child came before its parent. `alone`: no parent came, so it was shown. `used`: the parent has its file. */
type Child = { state: 'waiting' | 'alone' | 'used'; id: KeyId; media: MediaRef }

const childSchema = z.object({
  v: z.literal(1),
  state: z.enum(['waiting', 'alone', 'used']),
  id: z.string().transform((id) => asId<KeyId>(id)),
  media: z.looseObject({ node: z.string(), raw: z.record(z.string(), z.unknown()) }),
})

/** The better files of messages that have come, by the message each belongs to. */
export type Children = ReturnType<typeof createChildren>

export function createChildren({ redis, prefix }: { redis: Redis; prefix: string }) {
  const keyOf = (account: AccountId, parent: KeyId) => `${prefix}twin:${account}:${parent}`
  return {
    async find(account: AccountId, parent: KeyId): Promise<Child | undefined> {
      const text = await redis.get(keyOf(account, parent))
      const parsed = childSchema.safeParse(text === null ? undefined : parseBody(text))
      return parsed.success ? (parsed.data as unknown as Child) : undefined
    },
    async note(account: AccountId, parent: KeyId, child: Child): Promise<void> {
      await redis.set(keyOf(account, parent), memoryText(child), 'EX', KEEP_FOR_S)
    },
  }
}
