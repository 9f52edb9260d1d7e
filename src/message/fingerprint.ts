import { createHash } from 'node:crypto'
import type { Content } from './canonical.ts'

/**
 * A short hash of what a message says, by which the echo of a send is recognised. White space is levelled,
 * because WhatsApp trims and the gateway may re-encode; everything else has to be equal.
 */
export function fingerprint(content: Content): string {
  const { kind } = content
  const text = content.text ?? ''
  const levelled = text
    .normalize('NFC')
    .replace(/[\u200B-\u200D\u2060\uFEFF]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  return createHash('sha256').update(`${kind}\n${levelled}`).digest('base64url').slice(0, 22)
}
