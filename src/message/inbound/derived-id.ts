import { createHash } from 'node:crypto'
import { asId, type KeyId } from '../../ids.ts'

/** What has no WhatsApp id of its own, or has several. */
export type DerivedKind = 'reaction' | 'edit' | 'revoke' | 'votes' | 'call' | 'system'

/**
 * An id for something that is told by more than one event, from what all of them say
 * (docs/platforms/wasender.md#repeated-events). Hashed, because it becomes a source id of Chatwoot, where neither
 * length nor a phone number is welcome.
 */
export function derivedId(
  kind: DerivedKind,
  parts: readonly (string | number | undefined)[],
): KeyId {
  const said = JSON.stringify([kind, ...parts.map((part) => part ?? null)])
  return asId<KeyId>(
    `${kind}-${createHash('sha256').update(said).digest('base64url').slice(0, 22)}`,
  )
}

/** Times within one span give one value: the same thing told twice gets one id, done again later it gets another. */
export function spanOf(at: number | undefined, length: number): number | undefined {
  return at === undefined ? undefined : Math.floor(at / length)
}
