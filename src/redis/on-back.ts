import type { Redis } from 'ioredis'

/** Calls `back` whenever a connection that was lost takes commands again; the answer ends that. */
export function onRedisBack(redis: Redis, back: () => void): () => void {
  let isLost = redis.status !== 'ready'
  const lost = () => {
    isLost = true
  }
  const ready = () => {
    if (isLost) back()
    isLost = false
  }
  redis.on('close', lost)
  redis.on('ready', ready)
  return () => {
    redis.off('close', lost)
    redis.off('ready', ready)
  }
}
