import type { NewAttachment } from '../../chatwoot/api/message-body.ts'
import type { Message } from '../../chatwoot/shapes/message.ts'
import type { InboundMedia } from '../../media/inbound/inbound-media.ts'
import type { FileLostError } from '../../media/inbound/lost.ts'
import { type FilesInHand, lossesIn, openFiles } from './draft-files.ts'

/** Posts a message with those files that can be had; `lost` are the others. */
export type PostWith = (
  attachments: readonly NewAttachment[],
  lost: readonly FileLostError[],
) => Promise<Message>

/**
 * Opens files, then posts them. A file that turns out wrong on its way breaks the upload off before its end, so
 * nothing was stored, and the message is posted at once without it.
 */
export async function postFiles(
  inHand: FilesInHand,
  post: PostWith,
  inboundMedia: InboundMedia,
): Promise<Message> {
  const lost: FileLostError[] = []
  // Every further round has one file less.
  for (;;) {
    const { attachments, media, close } = await openFiles(inboundMedia, inHand, lost)
    try {
      return await post(attachments, lost)
    } catch (error) {
      const losses = lossesIn(error, media, inHand.failures)
      if (losses.length === 0) throw error
      lost.push(...losses)
    } finally {
      close()
    }
  }
}
