import { mkdir } from 'node:fs/promises'
import { startRedis } from './redis.ts'

/** A Redis that several bridges share, as somebody else runs it: it comes back after a crash. */
export type SharedRedis = {
  /** Path of the unix socket. */
  url: string
  /** Sends a signal; after SIGKILL the server is started again on its files. */
  kill(signal: NodeJS.Signals): void
  stop(): Promise<void>
}

export async function startSharedRedis(dir: string): Promise<SharedRedis> {
  await mkdir(dir, { recursive: true })
  let server = await startRedis({ dir, durable: true })
  let work: Promise<void> = Promise.resolve()
  return {
    url: server.url,
    kill(signal) {
      if (signal !== 'SIGKILL') {
        process.kill(server.pid, signal)
        return
      }
      work = work.then(async () => {
        await server.kill()
        server = await startRedis({ dir, durable: true })
      })
    },
    async stop() {
      await work
      await server.stop()
    },
  }
}
