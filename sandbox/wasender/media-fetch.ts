import { createHash } from 'node:crypto'
import type { MediaKind } from './nodes.ts'
import type { ContentField } from './send-request.ts'

const MB = 1024 * 1024

/** What WhatsApp takes per content field (docs/platforms/wasender.md#sending). */
type Rule = { kind: MediaKind; limit: number; types: RegExp }
export const MEDIA_FIELDS: Partial<Record<ContentField | 'text', Rule>> = {
  imageUrl: { kind: 'image', limit: 5 * MB, types: /^image\/(jpeg|png)$/ },
  videoUrl: { kind: 'video', limit: 50 * MB, types: /^video\/(mp4|3gpp)$/ },
  documentUrl: { kind: 'document', limit: 100 * MB, types: /./ },
  audioUrl: { kind: 'voice', limit: 16 * MB, types: /^(audio\/|video\/mp4$|application\/ogg$)/ },
  stickerUrl: { kind: 'sticker', limit: 100 * 1024, types: /^image\/webp$/ },
}

/** Bytes are kept up to this size, to be hosted again encrypted; larger files are only measured. */
const KEEP_BYTES = 16 * MB

export type FetchedMedia = {
  kind: MediaKind
  mimetype: string
  bytes: number
  /** Hexadecimal. */
  sha256: string
  content?: Buffer | undefined
}

/** Fetches a media URL like the gateway: without any credential. A text is the reason it could not be sent. */
export async function fetchMedia(
  url: string,
  { kind, limit, types }: Rule,
  signal: AbortSignal,
): Promise<FetchedMedia | string> {
  try {
    const response = await fetch(url, { signal })
    const mimetype = response.headers.get('content-type')?.split(';')[0]?.trim() ?? ''
    const problem = problemOf(response, mimetype, types, kind)
    if (problem !== undefined || response.body === null) {
      await response.body?.cancel()
      return problem ?? UNREACHABLE
    }
    const measured = await measure(response.body, limit)
    return measured === undefined ? 'media exceeds the size limit' : { kind, mimetype, ...measured }
  } catch {
    // Any failure on the way is one outcome to the sender; which one is not told by the platform either.
    return UNREACHABLE
  }
}

const UNREACHABLE = 'media could not be downloaded'

function problemOf(response: Response, mimetype: string, types: RegExp, kind: MediaKind) {
  if (!response.ok) return UNREACHABLE
  return types.test(mimetype) ? undefined : `media type is not supported for ${kind}`
}

async function measure(body: ReadableStream<Uint8Array>, limit: number) {
  const hash = createHash('sha256')
  let kept: Uint8Array[] | undefined = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > limit) return undefined
    hash.update(chunk)
    if (bytes > KEEP_BYTES) kept = undefined
    kept?.push(chunk)
  }
  const content = kept === undefined ? undefined : Buffer.concat(kept)
  return { bytes, sha256: hash.digest('hex'), content }
}
