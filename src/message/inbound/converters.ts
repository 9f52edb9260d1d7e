import { fromCallLog, fromCallMessage } from './calls.ts'
import { fromButton, fromListReply } from './choices.ts'
import { fromContact, fromContacts } from './contacts.ts'
import type { Converter } from './converter.ts'
import { fromEncryptedEdit } from './encrypted-edit.ts'
import { fromFlowReply } from './flow-reply.ts'
import { fromLiveLocation, fromLocation } from './location.ts'
import { mediaConverters } from './media.ts'
import { fromPoll } from './poll.ts'
import { fromProtocol } from './protocol.ts'
import { fromReaction } from './reaction.ts'
import { cardConverters } from './rich/cards.ts'
import { fromCallEdit, fromEvent } from './rich/event.ts'
import { fromOrder, fromProduct } from './rich/product.ts'
import { fromTemplate } from './rich/template.ts'
import { fromAnswer, fromConversation, fromExtendedText } from './text.ts'

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
