import type { Worker } from 'bullmq'
import type { Redis } from 'ioredis'

/** The jobs a worker has in hand. */
export type InHand = {
  /** Counts the work as in hand until it has ended. */
  track<T>(work: Promise<T>): Promise<T>
  /** Resolves when all work in hand has ended, whatever became of it. */
  ended(): Promise<void>
}

export function createInHand(): InHand {
  const inHand = new Set<Promise<unknown>>()
  return {
    async track(work) {
      inHand.add(work)
      try {
        return await work
      } finally {
        inHand.delete(work)
      }
    },
    async ended() {
      await Promise.allSettled(inHand)
    },
  }
}

/**
 * Lets a BullMQ worker finish what it has in hand and ends it. BullMQ waits for the end of the connection it blocks on,
 * and of one that is not there that never comes: neither while Redis is away (no work ends then either), nor when that
 * connection alone was lost and is on its way back.
 */
export async function closeWorker(worker: Worker, redis: Redis, inHand: InHand): Promise<void> {
  if (redis.status !== 'ready') return worker.close(true)
  if (await isBlocking(worker)) return worker.close()
  await worker.pause(true)
  await inHand.ended()
  await worker.close(true)
}

/** Whether the connection a worker blocks on is there. Does not wait for one that is still being made. */
async function isBlocking({ backend }: Worker): Promise<boolean> {
  const client = await Promise.race([backend.blockingClient, Promise.resolve()])
  return client?.status === 'ready'
}
