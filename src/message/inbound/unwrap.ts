/** A WhatsApp message node as WasenderAPI hands it over: one typed field, and some that only accompany it. */
export type MessageNode = Readonly<Record<string, unknown>>

/** Envelopes that hold another message in `.message` (wasender-webhooks.md, section 6). */
const WRAPPERS = new Set([
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'editedMessage',
  'keepInChatMessage',
  'associatedChildMessage',
  'lottieStickerMessage',
  'deviceSentMessage',
  'groupMentionedMessage',
])

/** Fields that never say what kind of message it is. */
const COMPANIONS = new Set(['messageContextInfo', 'senderKeyDistributionMessage'])

/** Deep enough for anything WhatsApp nests, and an end for anything that nests itself. */
const MAX_DEPTH = 20

export type Unwrapped = {
  /** The field that says what kind of message it is, e.g. `imageMessage`. */
  type: string
  /** Its value. */
  node: unknown
  /** The envelopes that were taken off, outermost first. */
  wrappers: string[]
}

/** Takes off all envelopes. `undefined` when nothing that is a message is inside. */
export function unwrap(message: MessageNode): Unwrapped | undefined {
  const wrappers: string[] = []
  let current: MessageNode = message
  while (wrappers.length < MAX_DEPTH) {
    const fields = Object.entries(current)
    const type = fields.find(([name, value]) => !COMPANIONS.has(name) && value != null)
    if (type === undefined) return undefined
    const inner = WRAPPERS.has(type[0]) ? innerMessage(type[1]) : undefined
    if (inner === undefined) return { type: type[0], node: type[1], wrappers }
    wrappers.push(type[0])
    current = inner
  }
  return undefined
}

function innerMessage(wrapper: unknown): MessageNode | undefined {
  if (!isNode(wrapper)) return undefined
  return isNode(wrapper.message) ? wrapper.message : undefined
}

/** True for a JSON object. */
export function isNode(value: unknown): value is MessageNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
