import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { networkCode } from '../../src/platforms/upstream/transport.ts'

/** What stands before several bridges, as a load balancer does. */
export type Balancer = {
  /** Origin, without a trailing slash. */
  url: string
  close(): Promise<void>
}

/**
 * Hands requests to the targets in turn. One that refuses the connection is passed over; what breaks off later is a 502,
 * because nobody knows whether the target has taken it.
 */
export async function startBalancer(targets: readonly string[]): Promise<Balancer> {
  let turn = 0

  async function forward(request: IncomingMessage): Promise<{ status: number; text: string }> {
    const body = new Uint8Array(await buffer(request))
    turn += 1
    for (let tries = 0; tries < targets.length; tries += 1) {
      const target = targets[(turn + tries) % targets.length]
      try {
        const answer = await fetch(`${target}${request.url}`, {
          method: 'POST',
          headers: headersOf(request),
          body,
        })
        return { status: answer.status, text: await answer.text() }
      } catch (error) {
        if (networkCode(error) !== 'ECONNREFUSED') break
      }
    }
    return { status: 502, text: '' }
  }

  const server = createServer((request, response) => {
    forward(request).then(
      ({ status, text }) => response.writeHead(status).end(text),
      // Whoever sent it is gone.
      () => response.destroy(),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** All but what belongs to the connection. */
function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const own = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive'])
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      own.has(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  )
}
