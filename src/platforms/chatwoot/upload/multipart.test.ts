import querystring from 'node:querystring'
import { ReadableStream } from 'node:stream/web'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyCharacter } from '../../../../test/support/any-character.ts'
import { bareType, encodeMultipart, type Multipart, type Part, safeFileName } from './multipart.ts'

async function bytesOf({ stream }: Multipart): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function textOf(parts: readonly Part[]): Promise<{ text: string; boundary: string }> {
  const multipart = encodeMultipart(parts)
  const text = String(await bytesOf(multipart))
  return { text, boundary: multipart.contentType.replace('multipart/form-data; boundary=', '') }
}

/** What an independent parser, the one of Node's fetch, makes of it. */
async function parse(parts: readonly Part[]): Promise<FormData> {
  const multipart = encodeMultipart(parts)
  const headers = { 'content-type': multipart.contentType }
  return new Response(await bytesOf(multipart), { headers }).formData()
}

describe('encodeMultipart', () => {
  it('writes exactly the bytes of the format', async () => {
    const { text, boundary } = await textOf([
      { name: 'content', value: 'olá' },
      {
        name: 'attachments[]',
        fileName: 'a"b.png',
        contentType: 'image/png; x=y',
        body: new Blob(['123']),
      },
    ])
    expect(text).toBe(
      [
        `--${boundary}`,
        'Content-Disposition: form-data; name="content"',
        '',
        'olá',
        `--${boundary}`,
        'Content-Disposition: form-data; name="attachments[]"; filename="a%22b.png"',
        'Content-Type: image/png',
        '',
        '123',
        `--${boundary}--`,
        '',
      ].join('\r\n'),
    )
  })

  it('uses a new boundary every time', () => {
    const boundaries = Array.from({ length: 100 }, () => encodeMultipart([]).contentType)
    expect(new Set(boundaries).size).toBe(100)
  })

  it('carries any bytes and any text unchanged', async () => {
    const file = fc.uint8Array({ maxLength: 300 })
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: anyCharacter }), file, async (value, bytes) => {
        const form = await parse([
          { name: 'content', value },
          {
            name: 'attachments[]',
            fileName: 'file.bin',
            contentType: 'application/pdf',
            body: () => ReadableStream.from([bytes.subarray(0, 5), bytes.subarray(5)]),
          },
        ])
        expect(form.get('content')).toBe(Buffer.from(value).toString())
        const got = form.get('attachments[]') as File
        expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true)
        expect(got.type).toBe('application/pdf')
      }),
      { numRuns: 50 },
    )
  })

  it('survives every file name', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (fileName) => {
        const body = new Blob(['x'])
        const form = await parse([{ name: 'f', fileName, contentType: 'text/plain', body }])
        expect([...form.keys()]).toEqual(['f'])
        expect(await (form.get('f') as File).text()).toBe('x')
      }),
      { numRuns: 200 },
    )
  })

  it('writes file names so that Rack reads what they were', async () => {
    const rack = (name: string) =>
      /%(?![0-9a-f]{2})/i.test(name) ? name : querystring.unescape(name)
    const nameOf = async (fileName: string) => {
      const body = new Blob(['x'])
      const { text } = await textOf([{ name: 'f', fileName, contentType: 'text/plain', body }])
      return rack(/filename="(.*)"\r\n/.exec(text)?.[1] ?? '')
    }
    const names = ['50%20.pdf', '%0d%0a.pdf', '%2e%2e%2f.pdf', '100%.pdf', 'a"b.pdf', '%', '%25"']
    for (const name of names) expect(await nameOf(name)).toBe(name)
    expect(await nameOf('a\r\nb/c.pdf')).toBe('ab_c.pdf')
  })

  it('opens a file only when its turn comes, and says when all was handed over', async () => {
    const opened: string[] = []
    const source = (name: string) => () => {
      opened.push(name)
      return ReadableStream.from([Buffer.from(name)])
    }
    const part = (name: string): Part => ({
      name,
      fileName: name,
      contentType: 'text/plain',
      body: source(name),
    })
    const multipart = encodeMultipart([part('one'), part('two')])
    const reader = multipart.stream.getReader()
    const read = async (times: number) => {
      for (let i = 0; i < times; i += 1) await reader.read()
    }
    await read(2)
    expect(opened).toEqual(['one'])
    await read(3)
    expect(opened).toEqual(['one', 'two'])
    await read(1)
    expect(multipart.isComplete()).toBe(false)
    await read(1)
    expect(multipart.isComplete()).toBe(true)
  })

  it('remembers why a file could not be read', async () => {
    const gone = new Error('gone')
    const multipart = encodeMultipart([
      {
        name: 'f',
        fileName: 'f',
        contentType: 'text/plain',
        body: () => Promise.reject(gone),
      },
    ])
    await expect(bytesOf(multipart)).rejects.toBe(gone)
    expect(multipart.failure()).toBe(gone)
    expect(multipart.isComplete()).toBe(false)
  })
})

describe('closing', () => {
  const part = (body: () => ReadableStream<Uint8Array>): Part => ({
    name: 'f',
    fileName: 'f',
    contentType: 'text/plain',
    body,
  })

  it('cancels a file that is silent', async () => {
    const cancelled = Promise.withResolvers<void>()
    const { stream, close } = encodeMultipart([
      part(() => new ReadableStream({ cancel: () => cancelled.resolve() })),
    ])
    const reader = stream.getReader()
    await reader.read()
    const waiting = expect(reader.read()).rejects.toThrow('given up')
    await new Promise((resolve) => setImmediate(resolve))
    close()
    await cancelled.promise
    await waiting
  })

  it('cancels a file that opens only afterwards', async () => {
    const cancelled = Promise.withResolvers<void>()
    const opening = Promise.withResolvers<ReadableStream<Uint8Array>>()
    const { stream, close } = encodeMultipart([
      { name: 'f', fileName: 'f', contentType: 'text/plain', body: () => opening.promise },
    ])
    const reader = stream.getReader()
    await reader.read()
    const waiting = expect(reader.read()).rejects.toThrow('given up')
    close()
    opening.resolve(new ReadableStream({ cancel: () => cancelled.resolve() }))
    await cancelled.promise
    await waiting
  })

  it('is harmless after a failure and after the end', async () => {
    const failing = encodeMultipart([
      part(() => new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) })),
    ])
    await expect(bytesOf(failing)).rejects.toThrow('gone')
    failing.close()
    const done = encodeMultipart([part(() => ReadableStream.from([]))])
    await bytesOf(done)
    done.close()
    expect(done.isComplete()).toBe(true)
  })
})

describe('bareType', () => {
  it.each([
    ['audio/ogg; codecs=opus', 'audio/ogg'],
    ['Image/JPEG', 'image/jpeg'],
    ['application/vnd.ms-excel', 'application/vnd.ms-excel'],
    ['', 'application/octet-stream'],
    ['jpeg', 'application/octet-stream'],
    ['image/png\r\nX-Evil: 1', 'application/octet-stream'],
  ])('%j becomes %s', (given, expected) => {
    expect(bareType(given)).toBe(expected)
  })
})

describe('safeFileName', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['../../etc/passwd', '.._.._etc_passwd'],
    ['C:\\x.doc', 'C:_x.doc'],
    ['a\r\nb.txt', 'ab.txt'],
    ['ação 文.pdf', 'ação 文.pdf'],
    [' \u0000 ', 'file'],
    ['', 'file'],
  ])('%j becomes %j', (given, expected) => {
    expect(safeFileName(given)).toBe(expected)
  })
})
