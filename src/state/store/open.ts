import { join } from 'node:path'
import type { Redis } from 'ioredis'
import type { BridgeConfig } from '../../config/schema.ts'
import { withCrashPoints } from '../../kernel/crash-points.ts'
import type { Logger } from '../../kernel/log.ts'
import { redisKey } from '../redis/keys.ts'
import type { OnSetAside } from '../set-aside/set-aside.ts'
import { createFileStore } from './file-store.ts'
import { createRedisStore } from './redis-store.ts'
import type { Store } from './types.ts'

/** The store the configuration asks for (`data.store`). */
export async function openStore(deps: {
  config: BridgeConfig
  redis: Redis
  prefix: string
  log: Logger
  onSetAside: OnSetAside
}): Promise<Store> {
  const { config, redis, prefix, log, onSetAside } = deps
  if (config.data.store === 'redis') {
    return stoppable(createRedisStore({ redis, prefix: redisKey(prefix, 'store'), onSetAside }))
  }
  const store = await createFileStore({
    dir: join(config.data.dir, 'store'),
    onSetAside,
    onError: (error) => log.error({ err: error }, 'The store could not clear up'),
  })
  return stoppable(store)
}

function stoppable(store: Store): Store {
  return {
    ...store,
    links: withCrashPoints('links', store.links),
    chats: withCrashPoints('chats', store.chats),
    aliases: withCrashPoints('aliases', store.aliases),
  }
}
