import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSignal, waitOn } from './signal.ts'
import type { ChatwootStandIn } from './stand-in.ts'

/** One answer, whatever its status. `body` is parsed JSON, the text when it is none, undefined when empty. */
// biome-ignore lint/suspicious/noExplicitAny: tests reach into answers whose shapes they assert themselves
export type TestAnswer = { status: number; body: any; headers: Headers }

export type TestClient = (method: string, path: string, body?: unknown) => Promise<TestAnswer>

/** Calls the stand-in as a client would; paths without a leading slash are below the account. */
export function clientOf(
  standIn: ChatwootStandIn,
  token: string | null = standIn.adminToken,
  accountId = standIn.accountId,
): TestClient {
  return async (method, path, body) => {
    const url = path.startsWith('/') ? path : `/api/v1/accounts/${accountId}/${path}`
    const isForm = body instanceof FormData
    const response = await fetch(standIn.url + url, {
      method,
      redirect: 'manual',
      headers: {
        Accept: 'application/json',
        ...(token === null ? {} : { 'Api-Access-Token': token }),
        ...(isForm || body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    })
    return {
      status: response.status,
      headers: response.headers,
      body: parsed(await response.text()),
    }
  }
}

function parsed(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

// biome-ignore lint/suspicious/noExplicitAny: see TestAnswer
export type Received = { headers: IncomingHttpHeaders; raw: string; payload: any; path: string }

/** A webhook receiver that answers with `status`, or never while it is null. */
export async function startReceiver() {
  const received: Received[] = []
  const signal = createSignal()
  const behaviour: { status: number | null; location?: string } = { status: 200 }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString()
      const { headers, url: path = '' } = request
      received.push({ headers, raw, payload: JSON.parse(raw), path })
      signal.ring()
      if (behaviour.status === null) return
      if (behaviour.location && path !== behaviour.location)
        response.setHeader('location', behaviour.location)
      response.statusCode = path === behaviour.location ? 200 : behaviour.status
      response.end('{}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    received,
    behaviour,
    events: () => received.map(({ payload }) => payload.event),
    waitFor: <T>(predicate: () => T) => waitOn(signal, predicate),
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** A contact with one conversation in the first inbox, made through the API. */
export async function startConversation(
  standIn: ChatwootStandIn,
  { phone = '+5511987654321', source = '5511987654321' } = {},
) {
  const call = clientOf(standIn)
  const inboxId = standIn.inboxes()[0]?.id ?? 0
  const contact = await call('POST', 'contacts', {
    inbox_id: inboxId,
    source_id: source,
    name: 'Maria Souza',
    phone_number: phone,
  })
  const contactId: number = contact.body.payload.contact.id
  const conversation = await call('POST', 'conversations', {
    inbox_id: inboxId,
    contact_id: contactId,
    source_id: source,
  })
  return { inboxId, contactId, source, conversationId: conversation.body.id as number }
}
