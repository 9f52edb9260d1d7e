import type { OutgoingContent } from '../../wasender/outgoing-message.ts'
import type { Content } from '../canonical.ts'

/** What the echo of a send will say, so that both have the same fingerprint. */
export function echoOf(content: OutgoingContent): Content {
  if (content.kind === 'text') return { kind: 'text', text: content.text }
  return { kind: 'unsupported', what: content.kind }
}
