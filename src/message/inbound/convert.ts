import { compact, flag } from '../../wasender/events/fields.ts'
import type { Content, Converted, IgnoredMessage } from '../canonical.ts'
import { readContext } from './context.ts'
import type { Source } from './converter.ts'
import { converters, noise } from './converters.ts'
import { isMediaNode } from './media.ts'
import { readableText } from './readable.ts'
import { fromStub, type Stub } from './stub.ts'
import { isNode, type MessageNode, type Unwrapped, unwrap } from './unwrap.ts'

/** What a webhook says about one message, as far as its content goes. */
export type RawMessage = {
  message?: MessageNode | undefined
  /** The gateway's own reading of text, caption or reply. */
  messageBody?: string | undefined
  /** When it was written, milliseconds since 1970. */
  at?: number | undefined
  /** Marks what nobody wrote. */
  stub?: Stub | undefined
}

/** Turns a webhook's message into what it says. Pure; never throws. */
export function convertMessage(raw: RawMessage): Converted {
  const inner = unwrap(raw.message ?? {})
  const viewOnce = isViewOnce(inner)
  const content = contentOf(raw, inner, viewOnce)
  if (typeof content === 'string') return { ignore: content }
  return { carry: { content, ...readContext(inner.contexts), ...(viewOnce ? { viewOnce } : {}) } }
}

function contentOf(raw: RawMessage, inner: Unwrapped, viewOnce: boolean): Content | IgnoredMessage {
  const source: Source = compact({ body: raw.messageBody || undefined, at: raw.at })
  const { type, node } = inner
  if (type === undefined) return withoutNode(raw, source, inner)
  if (noise.has(type)) return 'noise'
  return (
    converters.get(type)?.(node, source) ??
    unsupported(viewOnce && (isMediaNode(type) || isViewOnceEnvelope(type)) ? 'view-once' : type, {
      text: readableText(type, node) ?? source.body,
    })
  )
}

/** Some deliveries carry only the text, or only companions, or nothing yet. */
function withoutNode(
  { message, stub }: RawMessage,
  { body }: Source,
  { wrappers }: Unwrapped,
): Content | IgnoredMessage {
  if (body !== undefined) return { kind: 'text', text: body }
  if (wrappers.some(isViewOnceEnvelope)) return unsupported('view-once', {})
  if (stub !== undefined) return fromStub(stub)
  // An empty text stands for nothing; keys and settings of clients are not even meant to be seen.
  return message === undefined || Object.keys(message).every((name) => name === 'conversation')
    ? 'empty'
    : 'noise'
}

function unsupported(what: string, { text }: { text?: string | undefined }): Content {
  return { kind: 'unsupported', what, ...compact({ text }) }
}

/** By an envelope, or by a flag on the node itself (wasender-webhooks.md, section 6). */
function isViewOnce({ wrappers, type = '', node }: Unwrapped): boolean {
  if ([...wrappers, type].some(isViewOnceEnvelope)) return true
  return isNode(node) && flag.parse(node.viewOnce) === true
}

function isViewOnceEnvelope(name: string): boolean {
  return name.startsWith('viewOnceMessage')
}
