import { chatwootEventNames } from '../chatwoot/events.ts'
import type { Content, IgnoredMessage } from '../message/canonical.ts'
import { wasenderEventNames } from '../wasender/events/index.ts'
import type { OutgoingContent } from '../wasender/outgoing-message.ts'
import { isKnownSessionStatus } from '../wasender/session-status.ts'

/** What a value becomes that nobody has documented: whoever sends something new must not make a series of it. */
const OTHER = 'other'

/** `''` when the body was not read, `unnamed` when it names no event. */
const EVENTS: ReadonlySet<string> = new Set([
  ...wasenderEventNames,
  ...chatwootEventNames,
  '',
  'unnamed',
])

/** Of WhatsApp messages. `self`: in the chat with ourselves. A kind that is forgotten here does not compile. */
const WHATSAPP_KINDS: Readonly<
  Record<Content['kind'] | OutgoingContent['kind'] | IgnoredMessage | 'self', true>
> = {
  text: true,
  media: true,
  image: true,
  video: true,
  audio: true,
  document: true,
  sticker: true,
  location: true,
  contact: true,
  contacts: true,
  poll: true,
  'poll-result': true,
  choice: true,
  reaction: true,
  edit: true,
  'encrypted-edit': true,
  revoke: true,
  call: true,
  system: true,
  rich: true,
  unsupported: true,
  noise: true,
  empty: true,
  self: true,
}

/** The kind of an agent's message until it is planned: its `content_type` (docs/platforms/chatwoot.md#rich-content). */
const CONTENT_TYPES = [
  'input_text',
  'input_textarea',
  'input_email',
  'input_select',
  'input_csat',
  'incoming_email',
  'cards',
  'form',
  'article',
  'integrations',
  'voice_call',
]

const KINDS: ReadonlySet<string> = new Set([...Object.keys(WHATSAPP_KINDS), ...CONTENT_TYPES])

/** The `event` label of a webhook, one of a finite set. */
export function eventLabel(event: string): string {
  if (event.startsWith('automation_event.')) return 'automation_event'
  return EVENTS.has(event) ? event : OTHER
}

/** The `kind` label of a message, one of a finite set. */
export function kindLabel(kind: string): string {
  return KINDS.has(kind) ? kind : OTHER
}

/** Of a session nobody could ask about, with the code of the bridge's own error (`session-polls.ts`). */
const UNASKED = /^unknown: [a-z]+\.[a-z_]+$/

/** The state of a session as it may stand in a log: a documented one, or why nobody can tell. */
export function sessionStatusLabel(status: string): string {
  return isKnownSessionStatus(status) || UNASKED.test(status) ? status : OTHER
}
