import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ReadableStream } from 'node:stream/web'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it } from 'vitest'
import { OutcomeUnknownError, PermanentError, TransientError } from '../../../kernel/errors.ts'
import { asId, type ConversationId } from '../../../kernel/ids.ts'
import { pushMessage, TOKEN, testClient } from '../fixtures.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const MEGABYTE = 1024 * 1024
const conversation = asId<ConversationId>(15)
const servers: Server[] = []

async function serve(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<ReturnType<typeof testClient>> {
  const server = createServer(handler)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return testClient({ baseUrl: `http://127.0.0.1:${port}` })
}

afterEach(async () => {
  const closing = servers.splice(0).map((server) => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  await Promise.all(closing)
})

/**
 * A file of so many megabytes that exists only one megabyte at a time, and how much of it was asked
 * for.
 */
function lazyFile(megabytes: number) {
  const progress = { produced: 0, cancelled: false }
  const body = () =>
    new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (progress.produced === megabytes) return controller.close()
          controller.enqueue(new Uint8Array(MEGABYTE).fill(progress.produced))
          progress.produced += 1
        },
        cancel() {
          progress.cancelled = true
        },
      },
      { highWaterMark: 0 },
    )
  return { body, progress }
}

const upload = (body: () => ReadableStream<Uint8Array>) => ({
  messageType: 'incoming' as const,
  sourceId: '3EB0AA11BB22CC33DD44',
  attachments: [{ body, fileName: 'big.pdf', contentType: 'application/pdf' }],
})

describe('uploading', () => {
  it('hands a 30 MB file over piece by piece, never far ahead of the server', async () => {
    const total = 30
    const { body, progress } = lazyFile(total)
    const seen = { bytes: 0, furthestAhead: 0 }
    const hash = createHash('sha256')
    const headers: Record<string, unknown> = {}
    const client = await serve(async (request, response) => {
      Object.assign(headers, request.headers)
      for await (const chunk of request) {
        seen.bytes += chunk.length
        hash.update(chunk)
        seen.furthestAhead = Math.max(seen.furthestAhead, progress.produced * MEGABYTE - seen.bytes)
        // The server is slower than the file: a client without back-pressure would run ahead.
        await new Promise((resolve) => setImmediate(resolve))
      }
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(pushMessage))
    })

    const message = await client.messages.createWithAttachments(conversation, upload(body))

    expect(message.id).toBe(1204)
    expect(headers['api-access-token']).toBe(TOKEN)
    expect(progress.produced).toBe(total)
    expect(seen.bytes).toBeGreaterThan(total * MEGABYTE)
    expect(seen.bytes).toBeLessThan(total * MEGABYTE + 2000)
    expect(seen.furthestAhead).toBeLessThan(12 * MEGABYTE)
    expect(hash.digest('hex')).toBe(expectedHash(headers['content-type'], total))
  })

  it('waits while the server does not read', async () => {
    const { body, progress } = lazyFile(60)
    let release: () => void = () => {}
    const stalled = new Promise<void>((resolve) => {
      release = resolve
    })
    const client = await serve(async (request, response) => {
      await stalled
      request.resume().on('end', () => response.end(JSON.stringify(pushMessage)))
    })
    const sending = client.messages.createWithAttachments(conversation, upload(body))
    await expect.poll(() => progress.produced).toBeGreaterThan(0)
    const settled = await steady(() => progress.produced)
    expect(settled).toBeLessThan(20)
    release()
    await sending
    expect(progress.produced).toBe(60)
  })

  it('does not keep what was sent', async () => {
    const { body, progress } = lazyFile(60)
    const kept: WeakRef<Uint8Array>[] = []
    const watched = () =>
      body().pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          transform(chunk, controller) {
            kept.push(new WeakRef(chunk))
            controller.enqueue(chunk)
          },
        }),
      )
    let alive = Number.POSITIVE_INFINITY
    const client = await serve(async (request, response) => {
      let measuredAt = 50
      for await (const _ of request) {
        if (progress.produced <= measuredAt) continue
        measuredAt = progress.produced
        collectGarbage()
        alive = Math.min(alive, kept.filter((chunk) => chunk.deref() !== undefined).length)
      }
      response.end(JSON.stringify(pushMessage))
    })
    await client.messages.createWithAttachments(conversation, upload(watched))
    expect(kept).toHaveLength(60)
    expect(alive).toBeLessThan(20)
  })

  it('is merely transient when the connection breaks half-way', async () => {
    const { body, progress } = lazyFile(60)
    const client = await serve((request) => {
      request.once('data', () => request.socket.destroy())
    })
    const failure = client.messages.createWithAttachments(conversation, upload(body))
    await expect(failure).rejects.toBeInstanceOf(TransientError)
    await expect(failure).rejects.toMatchObject({ code: 'chatwoot.upload_broke_off' })
    await expect.poll(() => progress.cancelled).toBe(true)
    expect(progress.produced).toBeLessThan(60)
  })

  it('is unknown when everything was sent and no answer came', async () => {
    const { body } = lazyFile(1)
    const client = await serve((request) => {
      request.resume().on('end', () => request.socket.destroy())
    })
    const failure = client.messages.createWithAttachments(conversation, upload(body))
    await expect(failure).rejects.toBeInstanceOf(OutcomeUnknownError)
  })

  it('reports why the file itself could not be read', async () => {
    const gone = new PermanentError('The media is gone.', { code: 'wasender.media_gone' })
    const client = await serve((request, response) => {
      request.resume().on('end', () => response.end(JSON.stringify(pushMessage)))
    })
    const body = () =>
      new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new Uint8Array(10)),
        pull: (controller) => controller.error(gone),
      })
    await expect(client.messages.createWithAttachments(conversation, upload(body))).rejects.toBe(
      gone,
    )
  })

  it('takes an early refusal for what it is', async () => {
    const { body } = lazyFile(60)
    const client = await serve((request, response) => {
      request.once('data', () => {
        response.writeHead(413, { connection: 'close' }).end('<html>too large</html>')
        request.resume()
      })
    })
    await expect(
      client.messages.createWithAttachments(conversation, upload(body)),
    ).rejects.toMatchObject({ code: 'chatwoot.too_large' })
  })
})

/** The value once it has stopped changing for some turns of the event loop. */
async function steady(value: () => number): Promise<number> {
  let last = -1
  for (let calm = 0; calm < 50; calm += 1) {
    if (value() !== last) calm = 0
    last = value()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return last
}

function expectedHash(contentType: unknown, megabytes: number): string {
  const boundary = String(contentType).split('boundary=')[1]
  const hash = createHash('sha256')
  const field = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  hash.update(field('message_type', 'incoming'))
  hash.update(field('private', 'false'))
  hash.update(field('source_id', '3EB0AA11BB22CC33DD44'))
  hash.update(`--${boundary}\r\nContent-Disposition: form-data; name="attachments[]"; `)
  hash.update('filename="big.pdf"\r\nContent-Type: application/pdf\r\n\r\n')
  for (let part = 0; part < megabytes; part += 1) hash.update(new Uint8Array(MEGABYTE).fill(part))
  hash.update(`\r\n--${boundary}--\r\n`)
  return hash.digest('hex')
}
