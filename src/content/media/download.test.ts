import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PermanentError, TransientError } from '../../kernel/errors.ts'
import { createDownload } from './download.ts'
import { publicLookup } from './hosts.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void
let handle: Handler
let server: Server
let origin: string

beforeEach(async () => {
  server = createServer((request, response) => handle(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const policy = () => ({ configured: [origin], hosts: [] })
const download = createDownload({ stallMs: 150 })
const open = (path = '/file') => download(`${origin}${path}`, policy())
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error('It did not fail')),
    (error: unknown) => error,
  )

async function read(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

describe('a download', () => {
  it('hands over size, type and bytes, and sends no credential', async () => {
    let headers: IncomingMessage['headers'] = {}
    handle = (request, response) => {
      headers = request.headers
      response.setHeader('Content-Type', 'image/jpeg').setHeader('Content-Length', 5).end('hello')
    }
    const { size, contentType, body } = await open()
    expect([size, contentType, await read(body)]).toEqual([5, 'image/jpeg', 'hello'])
    expect(headers).not.toHaveProperty('authorization')
    expect(headers).not.toHaveProperty('cookie')
  })

  it('does not know the size of a chunked answer', async () => {
    handle = (_request, response) => {
      response.write('a')
      response.end('b')
    }
    const { size, body } = await open()
    expect([size, await read(body)]).toEqual([undefined, 'ab'])
  })

  it('follows redirects, relative ones too', async () => {
    handle = ({ url }, response) => {
      const next = { '/file': '/a', '/a': `${origin}/b` }[url ?? '']
      if (next === undefined) response.end('there')
      else response.writeHead(302, { Location: next }).end('elsewhere')
    }
    expect(await read((await open()).body)).toBe('there')
  })

  it.each([
    ['http://169.254.169.254/latest/meta-data', 'media.host_refused'],
    ['https://evil.example/', 'media.host_refused'],
    ['file:///etc/passwd', 'media.host_refused'],
    ['/file', 'media.too_many_redirects'],
  ])('does not follow a redirect to %s', async (location, code) => {
    handle = (_request, response) => response.writeHead(302, { Location: location }).end()
    const error = await failure(open())
    expect(error).toBeInstanceOf(PermanentError)
    expect(error).toMatchObject({ code })
  })

  it('does not connect to a name that leads to a private address', async () => {
    let asked = 0
    handle = (_request, response) => {
      asked += 1
      response.end('secret')
    }
    const lookup = publicLookup((_host, _options, callback) =>
      callback(null, [{ address: '127.0.0.1', family: 4 }]),
    )
    const { port } = new URL(origin)
    const any = { configured: [], hosts: 'any' as const }
    const tried = createDownload({ lookup })(`https://files.example:${port}/file`, any)
    expect(await failure(tried)).toMatchObject({ code: 'media.host_refused' })
    expect(asked).toBe(0)
  })

  it.each([
    [404, PermanentError],
    [410, PermanentError],
    [403, PermanentError],
    [429, TransientError],
    [500, TransientError],
    [503, TransientError],
  ])('means %i as it is', async (status, kind) => {
    handle = (_request, response) => response.writeHead(status).end('x'.repeat(1000))
    const error = await failure(open())
    expect(error).toBeInstanceOf(kind)
    expect(error).toMatchObject({ context: { status } })
    expect(String(error)).not.toContain('/file')
  })

  it('waits no longer than allowed for an answer', async () => {
    handle = () => undefined
    expect(await failure(open())).toMatchObject({ code: 'media.stalled' })
  })

  it('fails when the server falls silent in the middle', async () => {
    handle = (_request, response) => {
      response.setHeader('Content-Length', 10)
      response.write('abc')
    }
    const { body } = await open()
    const error = await failure(read(body))
    expect(error).toBeInstanceOf(TransientError)
    expect(error).toMatchObject({ code: 'media.stalled' })
  })

  it('fails when the connection breaks', async () => {
    handle = (_request, response) => {
      response.setHeader('Content-Length', 10)
      response.write('abc', () => response.destroy())
    }
    const { body } = await open()
    const error = await failure(read(body))
    expect(error).toBeInstanceOf(TransientError)
    expect(error).toMatchObject({ code: 'media.unreachable' })
  })

  it('is transient when nobody listens', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const gone = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`
    closed.close()
    await once(closed, 'close')
    const error = await failure(download(`${gone}/file`, { configured: [gone], hosts: [] }))
    expect(error).toMatchObject({ code: 'media.unreachable', context: { network: 'ECONNREFUSED' } })
  })

  it('lets go of the connection when closed unread', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>()
    handle = (request, response) => {
      request.socket.once('close', resolve)
      response.write('abc')
    }
    const { close } = await open()
    close()
    await closed
  })
})
