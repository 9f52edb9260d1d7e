import { createHash } from 'node:crypto'
import { asId, type SourceId } from '../ids.ts'
import type { Who } from './people.ts'

/** The limit of identifiers (docs/platforms/chatwoot.md#contacts). Longer ones would fit, but not into a URL. */
const MAX_LENGTH = 255

/**
 * The address of a chat in its inbox, Chatwoot's `source_id`. Chatwoot's public routes put it into a path, so it holds
 * neither dot nor slash (docs/platforms/chatwoot.md#source-ids); what a path cannot hold is written as its code, never
 * left out, so that two chats never share one.
 */
export function sourceIdOf(who: Who): SourceId {
  return asId<SourceId>(spell(who))
}

function spell({ phone, lid, address }: Who): string {
  if (phone !== undefined) return phone
  if (lid !== undefined) return named('lid', lid)
  switch (address.kind) {
    case 'phone':
      return address.digits
    case 'status':
      return 'status'
    default:
      return named(address.kind, address.id)
  }
}

function named(kind: string, id: string): string {
  const spelled = `${kind}-${id.replace(/[^A-Za-z0-9-]/gu, escaped)}`
  if (spelled.length <= MAX_LENGTH) return spelled
  // No escape starts with two underscores, so this cannot be the spelling of another id.
  return `${kind}-__${createHash('sha256').update(spelled).digest('hex')}`
}

/** `_2e_` for a dot. */
function escaped(character: string): string {
  return `_${(character.codePointAt(0) ?? 0).toString(16)}_`
}
