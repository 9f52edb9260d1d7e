import { fromCallLog, fromCallMessage } from './calls.ts'
import { fromButton, fromListReply } from './choices.ts'
import { fromContact, fromContacts } from './contacts.ts'
import type { Converter } from './converter.ts'
import { fromFlowReply } from './flow-reply.ts'
import { fromLiveLocation, fromLocation } from './location.ts'
import { mediaConverters } from './media.ts'
import { fromPoll } from './poll.ts'
import { fromProtocol } from './protocol.ts'
import { fromReaction } from './reaction.ts'
import { fromConversation, fromExtendedText } from './text.ts'

/** One converter per kind of node (wasender-webhooks.md, section 6). */
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
  ['buttonsResponseMessage', fromButton],
  ['templateButtonReplyMessage', fromButton],
  ['listResponseMessage', fromListReply],
  ['interactiveResponseMessage', fromFlowReply],
  ['reactionMessage', fromReaction],
  ['protocolMessage', fromProtocol],
  ['callLogMesssage', fromCallLog],
  ['call', fromCallMessage],
])

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
