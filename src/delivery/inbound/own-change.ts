import type { AccountId } from '../../ids.ts'
import type { Content } from '../../message/canonical.ts'
import { fingerprint } from '../../message/fingerprint.ts'
import type { Journal } from '../outcome/journal.ts'

/** What {@link OutboundLink.asked} holds for a deletion. */
export const REVOKE = 'revoke'

/** What {@link OutboundLink.asked} holds for a new text. */
export function editMark(text: string): string {
  return fingerprint({ kind: 'text', text })
}

/**
 * Whether an edit or a deletion of our own message is the echo of one that the bridge asked for, and so no news. Made on
 * the phone it looks the same otherwise.
 */
export async function isAskedChange(
  journal: Journal,
  account: AccountId,
  content: Content,
): Promise<boolean> {
  const { kind } = content
  if (kind !== 'revoke' && kind !== 'edit' && kind !== 'encrypted-edit') return false
  const link = await journal.byKeyId(account, content.target)
  if (link?.direction !== 'out' || link.asked === undefined) return false
  if (kind === 'encrypted-edit') return link.asked !== REVOKE
  return link.asked === (kind === 'revoke' ? REVOKE : editMark(content.text))
}
