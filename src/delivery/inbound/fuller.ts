import type { Account } from '../../account.ts'
import { asId, type KeyId } from '../../ids.ts'
import type { Content } from '../../message/canonical.ts'
import type { Incoming } from '../../message/incoming.ts'
import type { InboundLink } from '../../store/types.ts'
import type { Journal } from '../outcome/journal.ts'
import { undecryptedId } from './undecrypted.ts'

/** How much of a message is shown: only that there is one, its words, or all of it. */
export type Fullness = NonNullable<InboundLink['shows']>

const MORE = [1, 2] as const

/** How much of a message would be shown with this content. */
export function fullnessOf(content: Content): Fullness {
  switch (content.kind) {
    case 'unsupported':
      return content.text === undefined || content.text === '' ? 0 : 1
    case 'rich':
      return content.parts.some(({ as }) => as === 'withheld') ? 1 : 2
    case 'text':
    case 'choice':
      return 1
    default:
      return 2
  }
}

/**
 * The same message with more than what is shown of it: what WhatsApp withheld at first, or the picture of a text. Chatwoot
 * cannot change what it shows, so this gets an id of its own, and `standsFor` names the first. So it does for a message
 * that was said to be undecryptable. Anything else stays as it is.
 */
export async function asFuller(
  journal: Pick<Journal, 'byKeyId'>,
  { id: account }: Account,
  incoming: Incoming,
): Promise<Incoming> {
  const { id, key, fromMe, message } = incoming
  if (key === undefined) return incoming
  const isKnown = async (keyId: KeyId) => (await journal.byKeyId(account, keyId)) !== undefined
  const first = await journal.byKeyId(account, id)
  if (first === undefined) {
    const note = undecryptedId(id)
    return !fromMe && (await isKnown(note)) ? { ...incoming, standsFor: note } : incoming
  }
  const fullness = fullnessOf(message.content)
  if (first.direction !== 'in' || fullness <= (first.shows ?? 2)) return incoming
  for (const shown of MORE) {
    if (shown >= fullness && (await isKnown(fullerId(id, shown)))) return incoming
  }
  return { ...incoming, id: fullerId(id, fullness), standsFor: id }
}

function fullerId(id: KeyId, fullness: Fullness): KeyId {
  return asId<KeyId>(`fuller-${fullness}:${id}`)
}
