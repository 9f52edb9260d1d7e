/** A WhatsApp message node as WasenderAPI hands it over: one typed field, and some that only accompany it. */
export type MessageNode = Readonly<Record<string, unknown>>

/** Fields that never say what kind of message it is. */
const COMPANIONS = new Set([
  'messageContextInfo',
  'contextInfo',
  'senderKeyDistributionMessage',
  'fastRatchetKeySenderKeyDistributionMessage',
])

export type Unwrapped = {
  /** The field that says what kind of message it is, e.g. `imageMessage`; absent when none does. */
  type?: string
  /** Its value. */
  node?: unknown
  /** The envelopes that were taken off, outermost first. */
  wrappers: string[]
  /** Every `contextInfo` met on the way, the innermost first. */
  contexts: MessageNode[]
}

/**
 * Takes off all envelopes, however deep. An envelope is any field that holds another message in `.message`
 * (wasender-webhooks.md, section 6): WhatsApp keeps adding such fields, and all of them are built alike.
 */
export function unwrap(message: MessageNode): Unwrapped {
  const wrappers: string[] = []
  const contexts: MessageNode[] = []
  let current: MessageNode = message
  for (;;) {
    note(contexts, current)
    const field = typedField(current)
    if (field === undefined) return { wrappers, contexts }
    const [type, node] = field
    note(contexts, node)
    const inner = type === 'message' ? node : innerMessage(node)
    if (!isNode(inner)) return { type, node, wrappers, contexts }
    wrappers.push(type)
    current = inner
  }
}

function innerMessage(node: unknown): unknown {
  return isNode(node) ? node.message : undefined
}

/** Messages are objects, except for plain text. An odd field of another type counts when there is no such. */
function typedField(message: MessageNode): [string, unknown] | undefined {
  const fields = Object.entries(message).filter(
    ([name, value]) => !COMPANIONS.has(name) && value != null && value !== '',
  )
  return fields.find(([name, value]) => name === 'conversation' || isNode(value)) ?? fields[0]
}

function note(contexts: MessageNode[], holder: unknown): void {
  if (isNode(holder) && isNode(holder.contextInfo)) contexts.unshift(holder.contextInfo)
}

/** True for a JSON object. */
export function isNode(value: unknown): value is MessageNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
