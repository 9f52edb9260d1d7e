import { asId, type KeyId } from '../../ids.ts'
import { isNode } from './unwrap.ts'

/**
 * The message a message answers. `contextInfo` sits inside the typed node and `stanzaId` is the key id of the
 * quoted message (wasender-webhooks.md, section 6).
 */
export function quotedKeyId(node: unknown): KeyId | undefined {
  const context = isNode(node) ? node.contextInfo : undefined
  const id = isNode(context) ? context.stanzaId : undefined
  return typeof id === 'string' && id !== '' ? asId<KeyId>(id) : undefined
}
