import { z } from 'zod'
import { type ApiRequest, type App, answerError, type Route } from './api.ts'
import { blobUrl, fromUpload } from './attachments.ts'
import { visibleConversation } from './auth.ts'
import { ApiError, refused } from './errors.ts'
import { parse, text, wholeNumber, wrapped } from './params.ts'
import type { World } from './state.ts'
import type { Json } from './types.ts'

const MISSING = () => answerError(new ApiError(404))

/**
 * Where attachment addresses lead: a permanent one answers 302 to a short-lived one, which may not have the file yet
 * (docs/platforms/chatwoot.md#attachments). No authentication, as in Chatwoot.
 */
export function mountStorage(app: App, world: World): void {
  for (const path of ['blobs/redirect/:signed', 'representations/redirect/:signed/:variation'])
    app.get(`/rails/active_storage/${path}/:filename`, (c) => {
      const blob = world.blobs.bySignedId(c.req.param('signed') ?? '')
      if (blob === undefined) return MISSING()
      const name = encodeURIComponent(blob.filename)
      const ticket = world.blobs.ticket(blob)
      return c.redirect(`${world.frontendUrl}/rails/active_storage/disk/${ticket}/${name}`)
    })

  app.get('/rails/active_storage/disk/:ticket/:filename', async (c) => {
    const blob = world.blobs.redeem(c.req.param('ticket'))
    const file = blob && (await world.blobs.open(blob))
    if (blob === undefined || file === undefined) return MISSING()
    const headers = {
      'content-type': blob.contentType,
      'content-length': String(blob.byteSize),
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(blob.filename)}`,
    }
    // Node's stream type and the one of fetch are the same class under two names.
    return new Response(file as ReadableStream, { headers })
  })

  app.put('/rails/active_storage/disk/:ticket', async (c) => {
    const blob = world.blobs.redeem(c.req.param('ticket'))
    if (blob === undefined) return MISSING()
    await world.blobs.fill(blob, new Uint8Array(await c.req.arrayBuffer()))
    return c.body(null, 204)
  })
}

const blobParams = z.object({
  filename: text,
  byte_size: wholeNumber,
  content_type: text.nullish(),
})

/** The first half of a direct upload: a row, and where to PUT the bytes. */
function directUpload(request: ApiRequest): Json {
  const { world, body } = request
  visibleConversation(request)
  const params = parse(blobParams, wrapped(body, 'blob'))
  const blob = world.blobs.reserve({
    filename: params.filename,
    byteSize: params.byte_size,
    contentType: params.content_type ?? 'application/octet-stream',
  })
  return {
    id: blob.id,
    filename: blob.filename,
    content_type: blob.contentType,
    byte_size: blob.byteSize,
    signed_id: blob.signedId,
    direct_upload: {
      url: `${world.frontendUrl}/rails/active_storage/disk/${world.blobs.ticket(blob)}`,
      headers: { 'Content-Type': blob.contentType },
    },
  }
}

async function upload({ world, body }: ApiRequest): Promise<Json> {
  const { attachment } = body
  if (!(attachment instanceof File)) throw refused('No file or URL provided')
  const blob = await world.blobs.save(await fromUpload(attachment))
  return { file_url: blobUrl(world, blob.id), blob_id: blob.signedId }
}

/** Uploads apart from messages (docs/platforms/chatwoot.md#uploads). */
export const uploadRoutes: Route[] = [
  { method: 'POST', path: '/conversations/:conversation/direct_uploads', handle: directUpload },
  { method: 'POST', path: '/upload', handle: upload },
]
