import { createServer, type IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'

/** One webhook as the receiver saw it. */
export type Received = {
  headers: IncomingHttpHeaders
  body: Record<string, unknown> & { event: string }
}

/** The other end of the stand-in's webhooks, for its tests. */
export type WebhookReceiver = {
  url: string
  received: Received[]
  events(): string[]
  /** Bodies of one event, oldest first. */
  bodies(event: string): Received['body'][]
  /** Statuses of the next answers; 200 afterwards. 0 never answers. */
  answers: number[]
  /** Runs before each answer. */
  before: (received: Received) => Promise<void> | void
  close(): Promise<void>
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const server = createServer(async (request, response) => {
    const body: Received['body'] = JSON.parse(await text(request))
    const entry = { headers: request.headers, body }
    receiver.received.push(entry)
    const status = receiver.answers.shift() ?? 200
    await receiver.before(entry)
    if (status !== 0) response.writeHead(status).end('{"received":true}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('Not listening on a port')
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${address.port}/webhooks/wasender/sales`,
    received: [],
    events: () => receiver.received.map(({ body }) => body.event),
    bodies: (event) =>
      receiver.received.map(({ body }) => body).filter((body) => body.event === event),
    answers: [],
    before: () => {},
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)))
        server.closeAllConnections()
      }),
  }
  return receiver
}
