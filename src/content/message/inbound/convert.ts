import { z } from 'zod'
import { asId, type KeyId } from '../../../kernel/ids.ts'
import {
  anything,
  compact,
  flag,
  label,
  millis,
  node,
  text,
} from '../../../platforms/wasender/events/fields.ts'
import { parseAddress } from '../../../platforms/wasender/jid.ts'
import type {
  AdReferral,
  CanonicalMessage,
  ContactCard,
  Content,
  Converted,
  IgnoredMessage,
  Quoted,
  RichPart,
} from '../canonical.ts'
import { type CardLine, cardText, readCardLines, whatsappDigits } from '../card-lines.ts'
import { fromButton, fromFlowReply, fromListReply } from './choices.ts'
import { type QuotedNode, readContext } from './context.ts'
import type { Converter, Source } from './converter.ts'
import { keyId, list, number, readNode, size } from './fields.ts'
import { isMediaNode, mediaConverters } from './media.ts'
import { fromProtocol } from './protocol.ts'
import { cardConverters } from './rich/cards.ts'
import { fromCallEdit, fromEvent } from './rich/event.ts'
import { foundFiles } from './rich/files.ts'
import { foundTexts } from './rich/found-texts.ts'
import { fromOrder, fromProduct } from './rich/product.ts'
import { richContent } from './rich/rich.ts'
import { fromTemplate } from './rich/template.ts'
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

/** Plain text: the node is the text itself. */
const fromConversation: Converter = (node, source) =>
  textOf(typeof node === 'string' ? node : undefined, source)

const previewSchema = z.object({
  title: label,
  description: label,
  canonicalUrl: label,
  matchedText: label,
})

/** Text with a reply, a link preview, mentions or an ad around it. Without a text the preview is what was sent. */
const fromExtendedText: Converter = (node, source) => {
  const written = textOf(writtenIn(node), source)
  if (written !== undefined) return written
  const { title, description, canonicalUrl, matchedText } = readNode(previewSchema, node)
  const lines = [title, description, matchedText ?? canonicalUrl]
  return textOf(lines.filter((line) => line !== undefined).join('\n'), {})
}

/** `questionResponseMessage`: the answer to a question, in words. */
const fromAnswer: Converter = (node, source) => textOf(writtenIn(node), source)

function writtenIn(node: unknown): string | undefined {
  return isNode(node) && typeof node.text === 'string' ? node.text : undefined
}

/**
 * The text inside the node is what was written; the gateway's copy of it only fills in when the node has none.
 */
function textOf(written: string | undefined, { body }: Source): Content | undefined {
  const text = written !== undefined && written !== '' ? written : body
  return text === undefined || text === '' ? undefined : { kind: 'text', text }
}

const reactionSchema = z.object({ key: node, text, senderTimestampMs: millis })
const targetSchema = z.object({ id: label, remoteJid: label })

/** `reactionMessage`: an empty `text` takes the reaction back (docs/platforms/wasender.md#kinds-of-message). */
const fromReaction: Converter = (reaction) => {
  const { key, text: emoji = '', senderTimestampMs: at } = readNode(reactionSchema, reaction)
  const { id, remoteJid = '' } = readNode(targetSchema, key)
  if (id === undefined) return undefined
  const toStory = parseAddress(remoteJid)?.kind === 'status' ? true : undefined
  return { kind: 'reaction', target: asId<KeyId>(id), text: emoji, ...compact({ at, toStory }) }
}

const pollSchema = z.object({ name: label, options: list, selectableOptionsCount: size })
const optionSchema = z.object({ optionName: label, name: label })

/** The question and its options; any number of answers may be given unless exactly one is allowed. */
const fromPoll: Converter = (node, { body }) => {
  const { name, options, selectableOptionsCount } = readNode(pollSchema, node)
  const text = name ?? body
  const names = options.flatMap((option) => optionName(option) ?? [])
  if (text === undefined && names.length === 0) return undefined
  return { kind: 'poll', text: text ?? '', options: names, multiple: selectableOptionsCount !== 1 }
}

function optionName(option: unknown): string | undefined {
  if (typeof option === 'string') return option
  const { optionName: name, name: other } = readNode(optionSchema, option)
  return name ?? other
}

const locationSchema = z.object({
  degreesLatitude: number,
  degreesLongitude: number,
  name: label,
  address: label,
  url: label,
  caption: label,
  comment: label,
  isLive: flag,
})

/**
 * `moves`: the position does, as that of a plain location may, too. Later positions are no webhooks
 * (docs/platforms/wasender.md#kinds-of-message).
 */
const fromPosition =
  (moves: boolean): Converter =>
  (node, { body }) => {
    const place = readNode(locationSchema, node)
    const { degreesLatitude: latitude, degreesLongitude: longitude } = place
    if (latitude === undefined || longitude === undefined) return undefined
    if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return undefined
    const { name, address, url, isLive: live = moves } = place
    const text = place.caption ?? place.comment ?? (live ? body : undefined)
    return { kind: 'location', latitude, longitude, live, ...compact({ name, address, url, text }) }
  }

const fromLocation = fromPosition(false)
const fromLiveLocation = fromPosition(true)

const encryptedSchema = z.object({ targetMessageKey: keyId })

/**
 * `secretEncryptedMessage`: a message, an event or a poll was changed (docs/platforms/wasender.md#kinds-of-message).
 * The key to it stays with WhatsApp's clients; the gateway may tell what it says now by an update.
 */
const fromEncryptedEdit: Converter = (node) => {
  const { targetMessageKey: target } = readNode(encryptedSchema, node)
  return target === undefined ? undefined : { kind: 'encrypted-edit', target: asId<KeyId>(target) }
}

const cardSchema = z.object({ displayName: label, vcard: text })
const cardsSchema = z.object({ contacts: list })

/** `contactMessage`: one card. */
const fromContact: Converter = (node) => carried([readCard(node)])

/** `contactsArrayMessage`: several cards. */
const fromContacts: Converter = (node) =>
  carried(readNode(cardsSchema, node).contacts.map(readCard))

function carried(cards: (ContactCard | undefined)[]) {
  const readable = cards.filter((card) => card !== undefined)
  return readable.length === 0 ? undefined : { kind: 'contacts' as const, cards: readable }
}

function readCard(node: unknown): ContactCard | undefined {
  const { displayName, vcard = '' } = readNode(cardSchema, node)
  const card = readVcard(vcard)
  const { numbers } = card
  const name = displayName ?? card.name ?? numbers[0]
  return name === undefined ? undefined : { name, numbers, vcard }
}

/** The formatted name of a vCard and its phone numbers, each once: WhatsApp's own digits with a `+`, else as written. */
export function readVcard(vcard: string): { name: string | undefined; numbers: string[] } {
  const { lines } = readCardLines(vcard)
  const named = lines.find(({ name }) => name === 'FN')
  const numbers = lines.filter(({ name }) => name === 'TEL').flatMap(numberOf)
  return {
    name: named === undefined ? undefined : cardText(named) || undefined,
    numbers: [...new Set(numbers)],
  }
}

/** `tel:` is the spelling of vCard 4. Values without a digit are no numbers. */
function numberOf(line: CardLine): string[] {
  const digits = whatsappDigits(line)
  if (digits !== undefined) return [`+${digits}`]
  const number = cardText(line).replace(/^tel:/i, '')
  return /\d/.test(number) ? [number] : []
}

const logSchema = z.object({ isVideo: flag, callOutcome: anything, participants: list })

/** How a call ended, by the numbers and names of WhatsApp's call log; in the words of the `call` event. */
const OUTCOMES: ReadonlyMap<string, string> = new Map([
  ['0', 'accept'],
  ['CONNECTED', 'accept'],
  ['1', 'timeout'],
  ['MISSED', 'timeout'],
  ['3', 'reject'],
  ['REJECTED', 'reject'],
])

/** `callLogMesssage` (WhatsApp's own spelling): a line of the call log. */
const fromCallLog: Converter = (node) => {
  const { isVideo, callOutcome, participants } = readNode(logSchema, node)
  const status = OUTCOMES.get(String(callOutcome ?? '0').toUpperCase()) ?? 'offer'
  return { kind: 'call', video: isVideo === true, group: participants.length > 1, status }
}

/** `call`: a call to a group, announced as a message. */
const fromCallMessage: Converter = () => ({
  kind: 'call',
  video: false,
  group: true,
  status: 'offer',
})

const TEMPLATES = [
  ...['templateMessage', 'highlyStructuredMessage', 'interactiveMessage'],
  ...['buttonsMessage', 'listMessage'],
]
const EVENTS = ['eventMessage', 'eventInviteMessage', 'scheduledCallCreationMessage']

/** One converter per kind of node (docs/platforms/wasender.md#kinds-of-message). */
export const converters: ReadonlyMap<string, Converter> = new Map<string, Converter>([
  ['conversation', fromConversation],
  ['extendedTextMessage', fromExtendedText],
  ...mediaConverters,
  ['locationMessage', fromLocation],
  ['liveLocationMessage', fromLiveLocation],
  ['contactMessage', fromContact],
  ['contactsArrayMessage', fromContacts],
  ['pollCreationMessage', fromPoll],
  ['pollCreationMessageV2', fromPoll],
  ['pollCreationMessageV3', fromPoll],
  ['pollCreationMessageV4', fromPoll],
  ['pollCreationMessageV5', fromPoll],
  ['pollCreationMessageV6', fromPoll],
  ['buttonsResponseMessage', fromButton],
  ['templateButtonReplyMessage', fromButton],
  ['listResponseMessage', fromListReply],
  ['interactiveResponseMessage', fromFlowReply],
  ['reactionMessage', fromReaction],
  ['protocolMessage', fromProtocol],
  ['secretEncryptedMessage', fromEncryptedEdit],
  ['callLogMesssage', fromCallLog],
  ['call', fromCallMessage],
  ['questionResponseMessage', fromAnswer],
  ...TEMPLATES.map((name) => [name, fromTemplate(name)] as const),
  ...EVENTS.map((name) => [name, fromEvent(name)] as const),
  ['scheduledCallEditMessage', fromCallEdit],
  ['orderMessage', fromOrder],
  ['productMessage', fromProduct],
  ...cardConverters,
])

/** The converter of a kind. A later version of a kind reads like the one before, until it is known. */
function converterOf(type: string): Converter | undefined {
  return converters.get(type) ?? converters.get(type.replace(/V\d+$/, ''))
}

/** Nodes that are traffic between WhatsApp clients, or announce what comes by other ways. */
export const noise: ReadonlySet<string> = new Set([
  // Only counts the pictures that follow, each as a message of its own.
  'albumMessage',
  // Encrypted; the tally comes as `poll.results`.
  'pollUpdateMessage',
  'encReactionMessage',
  'encEventResponseMessage',
  'keepInChatMessage',
  'stickerSyncRmrMessage',
  'messageHistoryBundle',
  'messageHistoryNotice',
  'botFeedbackMessage',
])
