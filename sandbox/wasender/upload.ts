import { type Context, Hono } from 'hono'
import { type Env, readFields, refuse } from './http.ts'
import { extensionOf, MAGIC_LENGTH, matchesType, uploadLimit } from './media-types.ts'
import type { World } from './state.ts'

type Parts = Pick<World, 'blobs' | 'random' | 'origin'>
type File = { mimetype: string; body: AsyncIterable<Uint8Array> }

const DAY_MS = 24 * 60 * 60_000

/** `POST /upload`, raw or base64 (docs/platforms/wasender.md#upload). */
export function uploadRoutes(parts: Parts): Hono<Env> {
  return new Hono<Env>().post('/upload', async (c) => {
    const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
    if (type === undefined || type === '') {
      return refuse(c, 422, 'The Content-Type header is required.')
    }
    const file = type === 'application/json' ? fromBase64(await readFields(c)) : fromRaw(c, type)
    return file === undefined
      ? refuse(c, 422, 'The base64 field is invalid.')
      : store(c, parts, file)
  })
}

async function store(c: Context<Env>, { blobs, random, origin }: Parts, file: File) {
  const { mimetype } = file
  const { bytes: limit, megabytes } = uploadLimit(mimetype)
  const { head, body } = await peek(file.body)
  if (!matchesType(head, mimetype)) {
    return refuse(c, 422, 'The file content does not match the Content-Type.')
  }
  const path = `/media/${uuid(random)}.${extensionOf(mimetype)}`
  if (!(await blobs.receive(path, body, { mimetype, livesMs: DAY_MS, limit }))) {
    const error = `File size exceeds the limit of ${megabytes} MB for this file type.`
    return refuse(c, 413, error)
  }
  return c.json({ success: true, publicUrl: `${origin()}${path}` })
}

function fromRaw(c: Context<Env>, mimetype: string): File {
  return { mimetype, body: c.req.raw.body ?? once(new Uint8Array()) }
}

/** `{base64: "data:<mime>;base64,…"}` or `{base64, mimetype}`. */
function fromBase64({ base64, mimetype }: Record<string, unknown>): File | undefined {
  if (typeof base64 !== 'string') return undefined
  const [, inline, data] = /^data:([^;,]+)[^,]*;base64,(.*)$/s.exec(base64) ?? []
  const type = inline ?? mimetype
  if (typeof type !== 'string') return undefined
  const bytes = Buffer.from(data ?? base64, 'base64')
  return { mimetype: type.toLowerCase(), body: once(bytes) }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** The first bytes of a stream, and the whole of it to be read afterwards. */
async function peek(source: AsyncIterable<Uint8Array>) {
  const iterator = source[Symbol.asyncIterator]()
  const chunks: Uint8Array[] = []
  let length = 0
  while (length < MAGIC_LENGTH) {
    const { done, value } = await iterator.next()
    if (done) break
    chunks.push(value)
    length += value.length
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield* chunks
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      yield next.value
    }
  }
  return { head: Buffer.concat(chunks).subarray(0, MAGIC_LENGTH), body: whole() }
}

/** Version 4 form; from the seeded source so that runs can be repeated. */
function uuid(random: Parts['random']): string {
  const hex = random.bytes(16).toString('hex')
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ]
  return [...parts, hex.slice(20)].join('-')
}
