import { z } from 'zod'
import type { KeyId } from '../../kernel/ids.ts'
import type { Api } from './api/api.ts'

/** Media nodes the gateway decrypts; it takes a round video as a video (docs/platforms/wasender.md#decrypting). */
export type MediaNode =
  | 'imageMessage'
  | 'videoMessage'
  | 'audioMessage'
  | 'documentMessage'
  | 'stickerMessage'
  | 'ptvMessage'

export type Upload = {
  /** A stream is read as it is sent and never held whole; a second attempt needs a new one. */
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>
  /** Has to be the true type: the gateway looks at the first bytes. */
  contentType: string
  /** Length of a stream in bytes, when it is known. */
  size?: number
}

export type Encrypted = {
  keyId: KeyId
  node: MediaNode
  /** The content of the node, unwrapped from ephemeral, view-once and the like. */
  message: Readonly<Record<string, unknown>>
}

/** A hundred megabytes on a slow line. */
const UPLOAD_TIMEOUT_MS = 10 * 60_000
/** The gateway fetches and decrypts the file before it answers. */
const DECRYPT_TIMEOUT_MS = 2 * 60_000

const address = z.url({ protocol: /^https?$/ })

/** `publicUrl`, or `url` as some answers have it (docs/platforms/wasender.md#answers). */
const publicUrl = z.union([
  z.looseObject({ publicUrl: address }).transform((found) => ({ publicUrl: found.publicUrl })),
  z.looseObject({ url: address }).transform((found) => ({ publicUrl: found.url })),
])

export type Media = ReturnType<typeof createMedia>

/** Files on their way in and out, by the session API key. */
export function createMedia({ api }: { api: Api }) {
  return {
    /** Stores a file for 24 h and returns where it can be fetched from (docs/platforms/wasender.md#upload). */
    upload: ({ body, contentType, size }: Upload): Promise<{ publicUrl: string }> =>
      api(
        {
          operation: 'upload-media',
          method: 'post',
          path: 'upload',
          body,
          headers: {
            'Content-Type': contentType,
            ...(size === undefined ? {} : { 'Content-Length': String(size) }),
          },
          timeoutMs: UPLOAD_TIMEOUT_MS,
          effect: 'repeatable',
        },
        publicUrl,
      ),

    /**
     * Has the gateway decrypt a received file. The URL lives one hour and takes no token; whoever fetches it has to
     * check its host first (docs/platforms/wasender.md#decrypting).
     */
    decrypt: ({ keyId, node, message }: Encrypted): Promise<{ publicUrl: string }> =>
      api(
        {
          operation: 'decrypt-media',
          method: 'post',
          path: 'decrypt-media',
          json: {
            data: {
              messages: {
                key: { id: keyId },
                message: { [node === 'ptvMessage' ? 'videoMessage' : node]: message },
              },
            },
          },
          timeoutMs: DECRYPT_TIMEOUT_MS,
          effect: 'repeatable',
        },
        publicUrl,
      ),
  }
}
