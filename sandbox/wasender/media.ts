import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { type Env, readFields, refuse } from './http.ts'
import { decryptMedia, sha256 } from './media-crypto.ts'
import type { MediaKind } from './nodes.ts'
import type { World } from './state.ts'

type Parts = Pick<World, 'blobs' | 'origin'>

/** Nodes that can be decrypted and the keys they use (docs/platforms/wasender.md#decrypting). */
const NODES = {
  imageMessage: 'image',
  videoMessage: 'video',
  audioMessage: 'audio',
  documentMessage: 'document',
  stickerMessage: 'sticker',
} as const satisfies Record<string, MediaKind>

const HOUR_MS = 60 * 60_000

const mediaFields = z.looseObject({
  url: z.string(),
  mediaKey: z.string(),
  mimetype: z.string(),
  fileSha256: z.string().optional(),
})
const decryptRequest = z.looseObject({
  data: z.looseObject({
    messages: z.looseObject({
      key: z.looseObject({ id: z.string().min(1) }),
      message: z.record(z.string(), z.unknown()),
    }),
  }),
})

/** `POST /decrypt-media`: opens a file of the stand-in's own CDN with the key from the message. */
export function decryptRoutes(parts: Parts): Hono<Env> {
  return new Hono<Env>().post('/decrypt-media', async (c) => {
    const request = decryptRequest.safeParse(await readFields(c))
    const message = request.success ? request.data.data.messages.message : {}
    const found = Object.entries(NODES).find(
      ([node]) => mediaFields.safeParse(message[node]).success,
    )
    if (!request.success || found === undefined) {
      const error = 'No supported media object (image, video, etc.) found in the message.'
      return refuse(c, 422, error)
    }
    const [node, kind] = found
    const plain = await decrypt(parts, mediaFields.parse(message[node]), kind)
    if (plain === undefined) return refuse(c, 422, 'Failed to decrypt media.')
    const { mimetype, bytes } = plain
    const path = `/api/decrypted-media/${encodeURIComponent(request.data.data.messages.key.id)}`
    parts.blobs.put(path, bytes, { mimetype, livesMs: HOUR_MS })
    return c.json({ success: true, publicUrl: `${parts.origin()}${path}` })
  })
}

async function decrypt(
  { blobs }: Parts,
  { url, mediaKey, mimetype, fileSha256 }: z.infer<typeof mediaFields>,
  kind: MediaKind,
) {
  // Looked up by path whatever the host is, so that example bodies naming WhatsApp's own hosts work too.
  const blob = URL.canParse(url) ? blobs.get(new URL(url).pathname) : undefined
  if (blob === undefined) return undefined
  const encrypted = await new Response(blobs.open(blob)).arrayBuffer()
  const bytes = decryptMedia(new Uint8Array(encrypted), Buffer.from(mediaKey, 'base64'), kind)
  if (bytes === undefined) return undefined
  const isIntact = fileSha256 === undefined || sha256(bytes).toString('base64') === fileSha256
  return isIntact ? { mimetype, bytes } : undefined
}

/** Files anybody may fetch: uploads, decrypted media, and WhatsApp's encrypted ones. */
export function fileRoutes({ blobs }: Parts): Hono<Env> {
  const serve = (c: Context<Env>) => {
    const blob = blobs.get(c.req.path)
    if (blob === undefined) return c.text('Not Found', 404)
    const headers = { 'content-type': blob.mimetype, 'content-length': String(blob.size) }
    return c.body(blobs.open(blob), 200, headers)
  }
  const app = new Hono<Env>()
  for (const path of ['/media/*', '/v/*', '/api/decrypted-media/*']) app.get(path, serve)
  return app
}
