import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import type { BridgeConfig } from '../../config/schema.ts'
import { ConfigError } from '../../kernel/errors.ts'

export type Listening = {
  port: number
  /** Takes no more requests and waits for those in hand, as long as its patience lasts. */
  close(): Promise<void>
}

/**
 * Longer than proxies keep their connections to us, usually a minute: one that we close at the moment it is used again costs
 * a webhook.
 */
const KEEP_ALIVE_MS = 75_000

/** Longer than any request takes that is worth waiting for; who drips its bytes is cut off then, answered with 408. */
const REQUEST_MS = 15_000
const HEADERS_MS = 10_000
const LOOK_MS = 1_000
/** What is read ahead of a body that nobody reads yet. */
const AHEAD_BYTES = 16 * 1024
/** Far more than a proxy and all admins keep open, few enough that what each of them holds fits into memory. */
const MOST_CONNECTIONS = 1_000
/**
 * How long an answer in hand may take once it is to close. A browser that sleeps takes no more of its page, and the rest has
 * to be stopped in time, too; a webhook that is cut off was not answered, and comes again.
 */
const PATIENCE_MS = 2_000

/** Serves an app over HTTP. */
export async function listen(
  app: Hono,
  host: string,
  port: number,
  { patienceMs = PATIENCE_MS }: { patienceMs?: number } = {},
): Promise<Listening> {
  const server: Server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MS,
      requestTimeout: REQUEST_MS,
      headersTimeout: HEADERS_MS,
      connectionsCheckingInterval: LOOK_MS,
      highWaterMark: AHEAD_BYTES,
    },
    getRequestListener(app.fetch),
  )
  server.maxConnections = MOST_CONNECTIONS
  // Those who ask nothing do not keep the others out.
  server.on('drop', () => server.closeIdleConnections())
  const unused = unusedConnections(server)
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new ConfigError(
      `Port ${port} cannot be listened on. Is another process using it? Set server.port or PORT.`,
      { code: 'http.listen', context: { port }, cause },
    )
  }
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      // A connection that has just answered is kept alive for seconds unless it is closed again and again.
      const closing = setInterval(() => {
        server.closeIdleConnections()
        for (const connection of unused) connection.destroy()
      }, 25)
      const cut = setTimeout(() => server.closeAllConnections(), patienceMs)
      await closed
      clearInterval(closing)
      clearTimeout(cut)
    },
  }
}

/** Connections nobody has asked anything on yet: to Node they are not idle, and would keep the server open for a minute. */
function unusedConnections(server: Server): ReadonlySet<Socket> {
  const unused = new Set<Socket>()
  server.on('connection', (connection) => {
    unused.add(connection)
    connection.once('close', () => unused.delete(connection))
  })
  server.on('request', ({ socket }) => unused.delete(socket))
  return unused
}

/** Where a bridge with this configuration is reached from its own machine. */
export function localAddress({
  host,
  port,
}: Pick<BridgeConfig['server'], 'host' | 'port'>): string {
  return `http://${reachable(host)}:${port}`
}

/** Listening on every address is not an address to connect to. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
