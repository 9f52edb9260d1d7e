import type { IgnoredMessage } from '../../content/message/canonical.ts'
import { authorOf } from '../../content/message/inbound/inline.ts'
import type { Incoming } from '../../content/message/incoming.ts'
import { asId, type KeyId } from '../../kernel/ids.ts'
import { compact } from '../../platforms/wasender/events/fields.ts'
import { chatAddresses, type MessageEvent, STUB } from '../../platforms/wasender/events/index.ts'

/**
 * Whether a delivery without content may be followed by the full message under the same id
 * (docs/platforms/wasender.md#kinds-of-message). For our own messages nobody waits: we know what we sent.
 */
export function isUndecrypted(event: MessageEvent, ignored: IgnoredMessage): boolean {
  const { key, message = {}, stub } = event
  if (key.fromMe || ignored !== 'empty') return false
  return stub?.type === STUB.undecryptable || Object.keys(message).length === 0
}

/**
 * The note in place of a message that stayed undecryptable. It has an id of its own, because the full message may come
 * even later.
 */
export function undecryptedNote({ key, at, pushName }: MessageEvent): Incoming {
  return {
    id: undecryptedId(key.id),
    who: chatAddresses(key),
    fromMe: false,
    message: { content: { kind: 'unsupported', what: 'undecrypted' } },
    ...compact({ at, pushName, author: authorOf(key, pushName) }),
  }
}

export function undecryptedId(id: KeyId): KeyId {
  return asId<KeyId>(`undecrypted:${id}`)
}
