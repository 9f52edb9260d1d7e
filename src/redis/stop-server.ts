import { setTimeout as wait } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Logger } from '../log.ts'
import { probe } from './probe.ts'

const POLL_MS = 25

/** What is tried in turn, and how long each may take: together within the bridge's 10 s. */
const STEPS = [
  { name: 'SHUTDOWN', waitMs: 4000 },
  { name: 'SIGTERM', waitMs: 1500 },
  { name: 'SIGKILL', waitMs: 1000 },
] as const

/** Ends a server, by asking, then by signal. */
export async function stopServer(
  server: { connection: Redis; pid: number },
  socket: string,
  dir: string,
  log: Logger,
): Promise<void> {
  for (const { name, waitMs } of STEPS) {
    if (name !== 'SHUTDOWN')
      log.warn({ pid: server.pid, step: name }, 'Private Redis is slow to end')
    await attempt(server, name)
    if (await isGone(socket, dir, waitMs)) break
  }
  server.connection.disconnect()
}

async function attempt(
  { connection, pid }: { connection: Redis; pid: number },
  step: (typeof STEPS)[number]['name'],
): Promise<void> {
  try {
    // The append-only file holds everything already; a snapshot would only cost time.
    if (step === 'SHUTDOWN') await connection.shutdown('NOSAVE')
    else process.kill(pid, step)
  } catch {
    // SHUTDOWN ends the connection instead of answering, and a process may be gone before its signal comes.
    // Whether the server is gone is looked at next in any case.
  }
}

/** Nobody at the socket is the one sign that also fits a server this process did not start. */
async function isGone(socket: string, dir: string, waitMs: number): Promise<boolean> {
  for (const deadline = Date.now() + waitMs; Date.now() < deadline; ) {
    const seen = await probe(socket, dir)
    if (seen.state === 'nobody') return true
    if (seen.state === 'ready') seen.connection.disconnect()
    await wait(POLL_MS)
  }
  return false
}
