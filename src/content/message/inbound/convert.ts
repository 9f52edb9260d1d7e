import { z } from 'zod'
import { asId, type KeyId } from '../../../kernel/ids.ts'
import { anything, compact, flag } from '../../../platforms/wasender/events/fields.ts'
import type {
  AdReferral,
  CanonicalMessage,
  Content,
  Converted,
  IgnoredMessage,
  Quoted,
  RichPart,
} from '../canonical.ts'
import { type QuotedNode, readContext } from './context.ts'
import type { Source } from './converter.ts'
import { converterOf, noise } from './converters.ts'
import { keyId, readNode } from './fields.ts'
import { isMediaNode } from './media.ts'
import { foundFiles } from './rich/files.ts'
import { foundTexts } from './rich/found-texts.ts'
import { richContent } from './rich/rich.ts'
import { fromStub, type Stub } from './stub.ts'
import { isNode, type MessageNode, type Unwrapped, unwrap } from './unwrap.ts'

/** What a webhook says about one message, as far as its content goes. */
type RawMessage = {
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
  const inner = unwrap(raw.message ?? {}, (name) => converterOf(name) !== undefined)
  const viewOnce = isViewOnce(inner)
  const { quoted, ...context } = readContext(inner.contexts)
  const content = contentOf(raw, inner, { viewOnce, ad: context.ad })
  if (typeof content === 'string') return { ignore: content }
  const quotes =
    context.quotes ?? (inner.about === undefined ? undefined : asId<KeyId>(inner.about))
  const marks = compact({
    quotes,
    quoted: quoted === undefined ? undefined : convertQuoted(quoted),
    viewOnce: viewOnce ? true : undefined,
  })
  const twin = content.kind === 'media' ? readTwin(raw.message ?? {}, inner.contexts) : {}
  return { carry: { content, ...context, ...marks, ...twin } }
}

/** What an answered message says itself. What that one answers is of no interest any more. */
function convertQuoted({ message, ...around }: QuotedNode): Quoted {
  const inner = unwrap(message, (name) => converterOf(name) !== undefined)
  const { mentions, ad } = readContext(inner.contexts)
  const content = contentOf({ message }, inner, { viewOnce: isViewOnce(inner), ad })
  const said = typeof content === 'string' ? undefined : content
  return { ...around, ...compact({ node: inner.type, content: said, mentions }) }
}

type Around = { viewOnce: boolean; ad: AdReferral | undefined }

function contentOf(raw: RawMessage, inner: Unwrapped, around: Around): Content | IgnoredMessage {
  const source: Source = compact({ body: raw.messageBody || undefined, at: raw.at })
  const { type, node } = inner
  if (type === undefined) return withoutNode(raw, source, inner, around)
  if (noise.has(type)) return 'noise'
  return converterOf(type)?.(node, source) ?? unread(type, node, source, around)
}

/** Some deliveries carry only the text, or only companions, or nothing yet. */
function withoutNode(
  { message, stub }: RawMessage,
  { body }: Source,
  { wrappers }: Unwrapped,
  { ad }: Around,
): Content | IgnoredMessage {
  if (body !== undefined) return { kind: 'text', text: body }
  if (wrappers.some(isViewOnceEnvelope)) return unsupported('view-once', undefined)
  if (stub !== undefined) return fromStub(stub)
  if (ad !== undefined) return adClick(ad)
  // An empty text stands for nothing; keys and settings of clients are not even meant to be seen.
  return message === undefined || Object.keys(message).every((name) => name === 'conversation')
    ? 'empty'
    : 'noise'
}

/** What no converter reads: the texts and files in it, whatever it is. */
function unread(type: string, node: unknown, source: Source, { viewOnce, ad }: Around): Content {
  if (type === 'extendedTextMessage' || type === 'conversation') {
    return ad === undefined ? { kind: 'text', text: '' } : adClick(ad)
  }
  const found = foundTexts(isNode(node) ? node : { [type]: node })
  const texts = found.length > 0 || source.body === undefined ? found : [source.body]
  if (isMediaNode(type) || isViewOnceEnvelope(type)) {
    return unsupported(viewOnce ? 'view-once' : type, texts.join('\n'))
  }
  const parts = texts.map((text): RichPart => ({ as: 'text', text }))
  const files = foundFiles(node, source.at)
  return richContent(type, { parts, files }) ?? unsupported(type, undefined)
}

/** A customer who clicked an ad and wrote nothing: what they saw of it. */
function adClick({ greeting, title, body }: AdReferral): Content {
  const texts = greeting === undefined ? [title, body] : [greeting]
  const parts = texts.flatMap((text): RichPart[] =>
    text === undefined ? [] : [{ as: 'text', text }],
  )
  return { kind: 'rich', what: 'ad-click', parts, files: [] }
}

function unsupported(what: string, text: string | undefined): Content {
  return { kind: 'unsupported', what, ...compact({ text: text || undefined }) }
}

/** By an envelope, or by a flag on the node itself (docs/platforms/wasender.md#kinds-of-message). */
function isViewOnce({ wrappers, type = '', node }: Unwrapped): boolean {
  if ([...wrappers, type].some(isViewOnceEnvelope)) return true
  return isNode(node) && flag.parse(node.viewOnce) === true
}

function isViewOnceEnvelope(name: string): boolean {
  return name.startsWith('viewOnceMessage')
}

const associationSchema = z.object({ associationType: anything, parentMessageKey: keyId })
const contextSchema = z.object({ pairedMediaType: anything })

/**
 * Kinds of association in which WhatsApp sends one file twice, as parent and child, and whether the child is the better
 * one (docs/platforms/wasender.md#kinds-of-message).
 */
const TWINS: ReadonlyMap<string, boolean> = new Map([
  ['5', true],
  ['HD_VIDEO_DUAL_UPLOAD', true],
  ['10', true],
  ['HD_IMAGE_DUAL_UPLOAD', true],
  ['19', true],
  ['HEVC_VIDEO_DUAL_UPLOAD', true],
  // The seconds around a picture: the picture is what was meant.
  ['12', false],
  ['MOTION_PHOTO', false],
])

/** What WhatsApp calls a file that a better one follows, on the file itself. */
const PARENTS: ReadonlySet<string> = new Set([
  ...['1', 'SD_VIDEO_PARENT', '3', 'SD_IMAGE_PARENT', '7', 'HEVC_VIDEO_PARENT'],
])

/** Of which other message this is the same file, or that one follows it. */
function readTwin(
  message: MessageNode,
  contexts: readonly MessageNode[],
): Pick<CanonicalMessage, 'twinOf' | 'awaitsTwin'> {
  const context = isNode(message.messageContextInfo) ? message.messageContextInfo : {}
  const { associationType, parentMessageKey } = readNode(
    associationSchema,
    context.messageAssociation,
  )
  const isBetter = TWINS.get(nameOf(associationType))
  const types = contexts.map((each) => nameOf(readNode(contextSchema, each).pairedMediaType))
  return compact({
    twinOf:
      isBetter === undefined || parentMessageKey === undefined
        ? undefined
        : { id: asId<KeyId>(parentMessageKey), isBetter },
    awaitsTwin: types.some((type) => PARENTS.has(type)) ? (true as const) : undefined,
  })
}

const nameOf = (value: unknown) =>
  String(value ?? '')
    .trim()
    .toUpperCase()
