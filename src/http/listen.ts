import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { ConfigError } from '../errors.ts'

export type Listening = {
  port: number
  /** Takes no more requests and waits for those in hand. */
  close(): Promise<void>
}

/** Serves an app over HTTP. */
export async function listen(app: Hono, host: string, port: number): Promise<Listening> {
  const server: Server = createServer(getRequestListener(app.fetch))
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
      const closing = setInterval(() => server.closeIdleConnections(), 25)
      await closed
      clearInterval(closing)
    },
  }
}
