import type { MediaKind, MessageNode } from '../../wasender/nodes.ts'
import type { WasenderStandIn } from '../../wasender/server.ts'
import type { Sample } from '../samples/samples.ts'

/** Somebody whose phone is never shown. */
const COURIER = '+12025550199'

/**
 * Encrypts a file and hosts it like WhatsApp, and gives back its message node to be sent by anybody, in any wrapper. Phones
 * only host what they send, so somebody sends it without any webhook telling of it.
 */
export function hostMedia(
  wasender: WasenderStandIn,
  kind: MediaKind,
  { bytes, mimetype, fileName }: Sample,
  details: { caption?: string } = {},
): MessageNode {
  const named = kind === 'document' ? { fileName } : {}
  const options = { mimetype, ...named, ...details, events: [] }
  const { keyId } = wasender.person({ phone: COURIER }).sendMedia(kind, bytes, options)
  const sent = wasender.chat(COURIER).find((message) => message.keyId === keyId)
  if (sent === undefined) throw new Error('The courier has lost the file')
  return sent.node
}
