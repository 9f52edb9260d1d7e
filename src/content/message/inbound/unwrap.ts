import { compact } from '../../../platforms/wasender/events/fields.ts'

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
  /** The id of the message this one answers or is about, where a field beside the context says so. */
  about?: string
}

/**
 * Takes off all envelopes, however deep. An envelope is any field that holds another message in `.message`
 * (docs/platforms/wasender.md#kinds-of-message): WhatsApp keeps adding such fields, and all of them are built alike. Of
 * several fields the one that `isKnown` says what the message is.
 */
export function unwrap(
  message: MessageNode,
  isKnown: (name: string) => boolean = () => false,
): Unwrapped {
  const wrappers: string[] = []
  const contexts: MessageNode[] = []
  let current: MessageNode = message
  let about: string | undefined
  for (;;) {
    note(contexts, current)
    const field = typedField(current, isKnown)
    if (field === undefined) return { wrappers, contexts, ...compact({ about }) }
    const [type, node] = field
    note(contexts, node)
    about = aboutOf(type, node) ?? about
    const inner = type === 'message' ? node : innerMessage(node)
    if (!isNode(inner)) {
      noteInside(contexts, node)
      return { type, node, wrappers, contexts, ...compact({ about }) }
    }
    wrappers.push(type)
    current = inner
  }
}

function innerMessage(node: unknown): unknown {
  return isNode(node) ? node.message : undefined
}

/** Messages are objects, except for plain text. An odd field of another type counts when there is no such. */
function typedField(
  message: MessageNode,
  isKnown: (name: string) => boolean,
): [string, unknown] | undefined {
  const fields = Object.entries(message).filter(
    ([name, value]) => !COMPANIONS.has(name) && value != null && value !== '',
  )
  const isMessage = ([name, value]: [string, unknown]) => name === 'conversation' || isNode(value)
  return (
    fields.find((field) => isKnown(field[0]) && isMessage(field)) ??
    fields.find(isMessage) ??
    fields[0]
  )
}

/** Fields in which kinds name the message they belong to. */
const ABOUT: ReadonlyMap<string, string> = new Map([
  ['commentMessage', 'targetMessageKey'],
  ['questionResponseMessage', 'key'],
  ['scheduledCallEditMessage', 'key'],
  ['pollAddOptionMessage', 'pollCreationMessageKey'],
])

function aboutOf(type: string, node: unknown): string | undefined {
  const field = ABOUT.get(type)
  const key = field !== undefined && isNode(node) ? node[field] : undefined
  return isNode(key) && typeof key.id === 'string' && key.id !== '' ? key.id : undefined
}

/** Templates keep their context one step further in. */
function noteInside(contexts: MessageNode[], node: unknown): void {
  if (isNode(node)) for (const part of Object.values(node).slice(0, 100)) note(contexts, part)
}

function note(contexts: MessageNode[], holder: unknown): void {
  if (isNode(holder) && isNode(holder.contextInfo)) contexts.unshift(holder.contextInfo)
}

/** True for a JSON object. */
export function isNode(value: unknown): value is MessageNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
