import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Logger } from '../log.ts'
import { isAlive } from '../process-life.ts'
import { meansNobody } from './probe.ts'

const POLL_MS = 25

/** What is tried in turn, and how long each may take: what was acknowledged is on disk, so none has to be waited for long. */
const STEPS = [
  { name: 'SHUTDOWN', waitMs: 1500 },
  { name: 'SIGTERM', waitMs: 500 },
  { name: 'SIGKILL', waitMs: 1000 },
] as const

type Server = { connection: Redis; pid: number }

/** Ends a server, by asking, then by signal. One that hangs is ended all the same. */
export async function stopServer(server: Server, socket: string, log: Logger): Promise<void> {
  for (const { name, waitMs } of STEPS) {
    if (name !== 'SHUTDOWN')
      log.warn({ pid: server.pid, step: name }, 'Private Redis is slow to end')
    attempt(server, name)
    if (await isGone(server, socket, waitMs)) break
  }
  server.connection.disconnect()
}

function attempt({ connection, pid }: Server, step: (typeof STEPS)[number]['name']): void {
  if (step === 'SHUTDOWN') {
    // The append-only file holds everything already; a snapshot would only cost time. It ends the connection instead of
    // answering, and whether the server is gone is looked at next in any case.
    connection.shutdown('NOSAVE').catch(() => {})
    return
  }
  try {
    process.kill(pid, step)
  } catch {
    // It may be gone before its signal comes.
  }
}

/**
 * Nobody at the socket is the one sign that also fits a server of another container. Of one of ours the process is gone as
 * well a moment later.
 */
async function isGone({ pid }: Server, socket: string, waitMs: number): Promise<boolean> {
  let isListening = true
  for (const deadline = Date.now() + waitMs; Date.now() < deadline; await wait(POLL_MS)) {
    isListening = await isListenedAt(socket)
    if (!isListening && !isAlive(pid)) return true
  }
  return !isListening
}

/** Asks for no answer: a server that hangs listens as well. */
function isListenedAt(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(path)
  socket.once('connect', () => resolve(true))
  socket.once('error', (error) => resolve(!meansNobody(error)))
  return promise.finally(() => socket.destroy())
}
