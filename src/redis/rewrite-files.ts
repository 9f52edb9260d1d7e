import { setTimeout as wait } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Logger } from '../log.ts'

/** Until its files are written anew, what was deleted, such as the text of a delivered message, is still in them. */
const EVERY_MS = 12 * 3_600_000
/** Soon after a start too: a bridge may never run for half a day at a stretch. */
const FIRST_MS = 60_000
const POLL_MS = 50
/** Large files take a while; what goes on for longer goes on without anybody waiting. */
const PATIENCE_MS = 30_000

/** Has Redis write its append-only file anew, and resolves when that is done. */
export async function rewriteFiles(connection: Redis): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  // One that is under way may have begun before the deletion.
  await untilIdle(connection, deadline)
  await connection.bgrewriteaof()
  await untilIdle(connection, deadline)
}

async function untilIdle(connection: Redis, deadline: number): Promise<void> {
  while (performance.now() < deadline) {
    const info = await connection.info('persistence')
    if (!/^aof_rewrite_(?:in_progress|scheduled):1/m.test(info)) return
    await wait(POLL_MS)
  }
}

/** Does so from time to time; gives back what ends that. */
export function rewriteNowAndThen(
  rewrite: () => Promise<void>,
  { log, firstMs = FIRST_MS }: { log: Logger; firstMs?: number | undefined },
): () => void {
  let timer = setTimeout(work, firstMs).unref()
  function work(): void {
    timer = setTimeout(work, EVERY_MS).unref()
    rewrite().catch((err) => log.warn({ err }, 'The private Redis did not write its files anew'))
  }
  return () => clearTimeout(timer)
}
