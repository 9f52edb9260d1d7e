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
import type { ContactCard, Content } from '../canonical.ts'
import { type CardLine, cardText, readCardLines, whatsappDigits } from '../card-lines.ts'
import { fromButton, fromFlowReply, fromListReply } from './choices.ts'
import type { Converter, Source } from './converter.ts'
import { keyId, list, number, readNode, size } from './fields.ts'
import { mediaConverters } from './media.ts'
import { fromProtocol } from './protocol.ts'
import { cardConverters } from './rich/cards.ts'
import { fromCallEdit, fromEvent } from './rich/event.ts'
import { fromOrder, fromProduct } from './rich/product.ts'
import { fromTemplate } from './rich/template.ts'
import { isNode } from './unwrap.ts'

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
export function converterOf(type: string): Converter | undefined {
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
