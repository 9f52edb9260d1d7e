import type { Content, Converted } from '../canonical.ts'
import { quotedKeyId } from './quote.ts'
import { fromConversation, fromExtendedText } from './text.ts'
import { isNode, type MessageNode, unwrap } from './unwrap.ts'

/** What a webhook says about one message, as far as its content goes. */
export type RawMessage = {
  message?: MessageNode | undefined
  /** The gateway's own reading of text, caption or reply. */
  messageBody?: string | undefined
}

type Converter = (node: unknown, body: string | undefined) => Content | undefined

/** One converter per kind of node. A converter that finds nothing to carry answers `undefined`. */
const CONVERTERS: ReadonlyMap<string, Converter> = new Map([
  ['conversation', fromConversation],
  ['extendedTextMessage', fromExtendedText],
])

/** Nodes that are traffic between WhatsApp clients, or announce messages that follow on their own. */
const NOISE = new Set([
  'protocolMessage',
  'senderKeyDistributionMessage',
  'albumMessage',
  'pollUpdateMessage',
])

/** Turns a webhook's message into what it says. Pure; never throws. */
export function convertMessage(raw: RawMessage): Converted {
  const { messageBody: body } = raw
  const inner = raw.message === undefined ? undefined : unwrap(raw.message)
  if (inner === undefined) return withoutNode(raw.message, body)
  if (NOISE.has(inner.type)) return { ignore: 'noise' }
  const content = CONVERTERS.get(inner.type)?.(inner.node, body) ?? unsupported(inner.type, body)
  const quotes = quotedKeyId(inner.node)
  return { carry: quotes === undefined ? { content } : { content, quotes } }
}

/** Some deliveries carry only the text, or only companions, or nothing yet. */
function withoutNode(message: MessageNode | undefined, body: string | undefined): Converted {
  if (body !== undefined && body !== '') return { carry: { content: { kind: 'text', text: body } } }
  return { ignore: isNode(message) && Object.keys(message).length > 0 ? 'noise' : 'empty' }
}

function unsupported(what: string, body: string | undefined): Content {
  return body === undefined || body === ''
    ? { kind: 'unsupported', what }
    : { kind: 'unsupported', what, text: body }
}
