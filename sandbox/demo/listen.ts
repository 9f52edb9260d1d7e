import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { ConfigError } from '../../src/kernel/errors.ts'

export type DemoServer = { port: number; close(): Promise<void> }

/** How many ports are tried from the first one on. */
const TRIES = 50

/**
 * Serves an app on 127.0.0.1. Without a `port` the first free one from `from` on is taken.
 *
 * @throws {ConfigError} when the port that was asked for is taken, or all that were tried.
 */
export async function listenLocally(
  app: Hono,
  { port, from }: { port: number | undefined; from: number },
): Promise<DemoServer> {
  const candidates = port === undefined ? Array.from({ length: TRIES }, (_, i) => from + i) : [port]
  for (const candidate of candidates) {
    const server = createServer(getRequestListener(app.fetch))
    if (await isListening(server, candidate)) return { port: portOf(server), close: closer(server) }
  }
  throw new ConfigError(
    `Port ${candidates[0]} is taken by another process. Name a free one with --port.`,
    { code: 'demo.port_taken', context: { port: candidates[0] } },
  )
}

async function isListening(server: Server, port: number): Promise<boolean> {
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false
    throw error
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

/** Open pages hold an event stream for as long as they live, so they are cut off. */
const closer = (server: Server) => async () => {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
