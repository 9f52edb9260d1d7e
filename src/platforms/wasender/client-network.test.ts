import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it } from 'vitest'
import { OutcomeUnknownError, TransientError } from '../../kernel/errors.ts'
import { type AccountId, asId, type MsgId } from '../../kernel/ids.ts'
import { createWasenderClient, type WasenderClient } from './client.ts'

let server: Server | undefined

afterEach(async () => {
  server?.closeAllConnections()
  server?.close()
  server = undefined
})

/** A client of a real server, for what happens below HTTP. */
async function clientOf(listener: RequestListener, timeoutMs?: number): Promise<WasenderClient> {
  server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return createWasenderClient({
    account: asId<AccountId>('sales'),
    baseUrl: `http://127.0.0.1:${port}/api`,
    apiKey: 'session-key',
    routes: 'unified',
    timeoutMs,
  })
}

const text = { to: '+15550001111', kind: 'text', text: 'Hello' } as const
const failure = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('a broken line', () => {
  it.each<[string, RequestListener]>([
    ['closed before an answer', (req) => req.socket.destroy()],
    ['silent', () => {}],
    [
      'stalled within the body',
      (_, res) => {
        res.writeHead(200, { 'content-type': 'application/json' })
        res.write('{"success": tr')
      },
    ],
    [
      'cut off within the body',
      (_, res) => {
        res.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
        res.write('{"success": tr', () => res.destroy())
      },
    ],
  ])('that is %s leaves a send unknown and a look-up transient', async (_, listener) => {
    const client = await clientOf(listener, 150)
    expect(await failure(client.messages.send(text))).toBeInstanceOf(OutcomeUnknownError)
    expect(await failure(client.messages.info(asId<MsgId>(5)))).toBeInstanceOf(TransientError)
  })

  it('that is stalled within the body is given up after a garbage collection, too', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage: () => void = runInNewContext('gc')
    const client = await clientOf((_, res) => {
      res.writeHead(200, { 'content-type': 'application/json' })
      res.write('{"success": tr')
    }, 300)
    const collecting = setInterval(collectGarbage, 10)
    try {
      expect(await failure(client.messages.send(text))).toBeInstanceOf(OutcomeUnknownError)
    } finally {
      clearInterval(collecting)
    }
  })

  it('that was never there is transient even for a send', async () => {
    const client = await clientOf(() => {})
    server?.close()
    const error = await failure(client.messages.send(text))
    expect(error).toBeInstanceOf(TransientError)
    expect(error).toMatchObject({ code: 'wasender.unreachable' })
  })
})

describe('a redirect', () => {
  it('is not followed, and is transient because nothing was sent', async () => {
    const seen: string[] = []
    const client = await clientOf((req, res) => {
      seen.push(`${req.method} ${req.url}`)
      res.writeHead(301, { location: '/elsewhere' }).end()
    })
    const error = await failure(client.messages.send(text))
    expect(error).toBeInstanceOf(TransientError)
    expect(error).toMatchObject({ code: 'wasender.redirected', context: { status: 301 } })
    expect(seen).toEqual(['POST /api/send-message'])
  })
})

describe('an upload', () => {
  it('streams with its length, without holding the file', async () => {
    const chunk = new Uint8Array(1024 * 1024)
    const count = 64
    let received = 0
    let produced = 0
    let ahead = 0
    let headers: Record<string, unknown> = {}
    const client = await clientOf((req, res) => {
      headers = req.headers
      req.on('data', (part: Buffer) => {
        received += part.length
        ahead = Math.max(ahead, produced - received)
      })
      req.on('end', () => {
        res.setHeader('content-type', 'application/json')
        res.end('{"success":true,"publicUrl":"https://wasenderapi.com/media/a.pdf"}')
      })
    })
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (produced >= count * chunk.length) return controller.close()
        produced += chunk.length
        controller.enqueue(chunk)
      },
    })
    const uploaded = await client.media.upload({
      body,
      contentType: 'application/pdf',
      size: count * chunk.length,
    })
    expect(uploaded).toEqual({ publicUrl: 'https://wasenderapi.com/media/a.pdf' })
    expect(received).toBe(count * chunk.length)
    expect(headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(count * chunk.length),
      authorization: 'Bearer session-key',
    })
    expect(ahead).toBeLessThan(16 * chunk.length)
  })
})
