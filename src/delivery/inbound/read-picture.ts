import type { Download } from '../../media/download.ts'

/** What Chatwoot takes as an avatar (docs/platforms/chatwoot.md#pictures-of-contacts). */
const TYPES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp'])

/** Profile pictures have some ten kilobytes; anything far above is none. */
const MAX_BYTES = 5 * 1024 * 1024

/** Reads a small picture whole; `undefined` when it is not a picture or not small. */
export async function readPicture(download: Download): Promise<Blob | undefined> {
  try {
    const type = download.contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
    if (!TYPES.has(type) || (download.size ?? 0) > MAX_BYTES) return undefined
    const chunks: Uint8Array<ArrayBuffer>[] = []
    let length = 0
    for await (const chunk of download.body) {
      length += chunk.length
      if (length > MAX_BYTES) return undefined
      chunks.push(new Uint8Array(chunk))
    }
    return new Blob(chunks, { type })
  } finally {
    download.close()
  }
}
