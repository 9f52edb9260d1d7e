import { BridgeError } from '../../errors.ts'
import { uploadLimit } from '../limits.ts'
import { limited } from './file-stream.ts'
import { UNKNOWN_TYPE } from './mime-types.ts'
import type { Task } from './prepared.ts'
import type { StoredFile } from './stored-file.ts'

export type Placing = {
  /** What the bytes are. */
  type: string
  /** Bytes, as far as they are known. */
  size: number
  /** Most bytes its kind may have. */
  maxBytes: number
}

/**
 * Puts a file where WasenderAPI can fetch it, and returns that address.
 *
 * By upload the bytes go from the storage to the gateway as they come. By link the gateway gets Chatwoot's
 * own address: it never expires and works for anybody who has it, Chatwoot has to be reachable from the
 * Internet, and the gateway sees whatever type the storage names.
 */
export async function placeFile(
  { account, dataUrl }: Task,
  file: Pick<StoredFile, 'head' | 'body' | 'failure' | 'size'>,
  { type, size, maxBytes }: Placing,
): Promise<string> {
  if (account.options.media.via === 'link') return dataUrl
  // Larger pictures, films and sounds are taken without their type only (docs/platforms/wasender.md#upload). They go out
  // as documents, which WhatsApp shows by their name.
  const contentType = size > uploadLimit(type) ? UNKNOWN_TYPE : type
  const { body, failure } = limited(file, Math.min(maxBytes, uploadLimit(contentType)))
  try {
    const uploaded = await account.wasender.media.upload({
      body,
      contentType,
      ...(file.size === undefined ? {} : { size: file.size }),
    })
    return uploaded.publicUrl
  } catch (error) {
    // The source knows best why its file could not be had; to the upload it just broke off.
    const reason = failure()
    throw reason instanceof BridgeError ? reason : error
  }
}
