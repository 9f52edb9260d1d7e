import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { OutcomeUnknownError, PermanentError, TransientError } from '../../kernel/errors.ts'
import { type Call, createTransport } from './transport.ts'

let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
  server = undefined
})

async function failureOf(listener: RequestListener, effect: Call['effect']): Promise<unknown> {
  server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const transport = createTransport({
    upstream: 'wasender',
    account: 'sales',
    baseUrl: `http://127.0.0.1:${port}/api`,
    headers: () => ({}),
    classify: () => new PermanentError('refused', { code: 'refused' }),
  })
  return transport({ operation: 'info', method: 'get', path: 'info', effect }).catch(
    (error: unknown) => error,
  )
}

const PAGE = Buffer.alloc(64 * 1024, ' ')
const BOMB = Buffer.alloc(200_000_000, ' ')
const fast = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }

/** Counts what the other side takes. */
function endless(status: number, headers: Record<string, string> = {}) {
  const sent = { bytes: 0 }
  const listener: RequestListener = (_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
    const push = () => {
      while (!response.destroyed) {
        sent.bytes += PAGE.length
        if (!response.write(PAGE)) return void response.once('drain', push)
      }
    }
    push()
  }
  return { sent, listener }
}

describe('an answer without end', () => {
  it.each([200, 302, 401, 404, 422, 500, 502])('is given up, HTTP %i', async (status) => {
    const { sent, listener } = endless(status, { Location: 'https://elsewhere.example/' })
    const error = await failureOf(listener, 'repeatable')
    expect(error).toBeInstanceOf(TransientError)
    expect(error).toMatchObject({
      code: 'wasender.answer_too_large',
      context: { account: 'sales', operation: 'info', status },
    })
    expect(sent.bytes).toBeLessThan(60_000_000)
  })

  it('leaves the outcome of what must happen once unknown', async () => {
    const { listener } = endless(200)
    const error = await failureOf(listener, 'once')
    expect(error).toBeInstanceOf(OutcomeUnknownError)
    expect(error).toMatchObject({ code: 'wasender.answer_too_large' })
  })
})

describe('an answer that unpacks to more than it seems', () => {
  it.each([
    ['gzip', gzipSync(BOMB, { level: 1 })],
    ['br', brotliCompressSync(BOMB, fast)],
    ['deflate', deflateSync(BOMB, { level: 1 })],
    ['gzip, gzip', gzipSync(gzipSync(BOMB, { level: 1 }))],
  ])('is given up: %s', async (encoding, bytes) => {
    const before = process.memoryUsage().rss
    const error = await failureOf((_request, response) => {
      response.writeHead(200, { 'Content-Encoding': encoding })
      response.end(bytes)
    }, 'repeatable')
    expect(error).toMatchObject({ code: 'wasender.answer_too_large' })
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
  })
})

it('takes an answer that is large but not too large', async () => {
  const text = 'x'.repeat(9_900_000)
  const answer = await failureOf(
    (_request, response) => response.end(JSON.stringify({ text })),
    'once',
  )
  expect(answer).toMatchObject({ status: 200, body: { text } })
})
