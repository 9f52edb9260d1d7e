import type { RedisState } from '../redis/memory.ts'
import type { Store } from './types.ts'

/** Where the bridge keeps what it knows: its Redis with the prefix of its keys, and the store. */
export type State = RedisState & { store: Store }
