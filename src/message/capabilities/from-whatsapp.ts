import type { InboundCapability } from './capability.ts'
import { CARDS } from './cards-from-whatsapp.ts'

type Row = Omit<InboundCapability, 'direction'>

/** WhatsApp withholds it from all devices but the phone, the gateway's among them. */
const ON_THE_PHONE_ONLY = 'WhatsApp gives it to the phone only, not to linked devices.'
const NO_SUCH_MESSAGE = 'Chatwoot has no such message.'

const WRITTEN: readonly Row[] = [
  {
    kind: 'Text',
    how: 'carried',
    as: 'An incoming message. Bold, italic, strikethrough, code, lists and quotes look the same; links, code and `snake_case` are left alone. One longer than WhatsApp itself allows goes along in full as a file.',
    content: ['text'],
    nodes: ['conversation', 'extendedTextMessage'],
  },
  {
    kind: 'Image, video, GIF, round video, document, sticker, audio',
    how: 'carried',
    as: 'An attachment with its name and type, the caption as text. Several pictures sent at once are one message each, in order. One that WhatsApp sends in two qualities is shown once, the better one; of a moving picture the still one. GIFs and round videos are videos.',
    options: ['media'],
    content: ['media'],
    media: ['image', 'video', 'gif', 'round', 'document', 'sticker', 'audio'],
    nodes: [
      'imageMessage',
      'videoMessage',
      'ptvMessage',
      'documentMessage',
      'stickerMessage',
      'audioMessage',
    ],
  },
  {
    kind: 'Voice message',
    how: 'carried',
    as: 'An audio attachment that plays in the conversation.',
    options: ['media'],
    media: ['voice'],
  },
  {
    kind: 'Reply',
    how: 'carried',
    as: 'The message quotes the one it answers. What Chatwoot does not have in that conversation, such as our story, a product or a message from before linking, is quoted in words.',
  },
  {
    kind: 'Message typed on the phone',
    how: 'carried',
    as: 'An outgoing message marked as sent from the phone. It is not sent again.',
    options: ['phoneMessages'],
  },
  {
    kind: 'Ad click',
    how: 'carried',
    as: 'The message, and a private note with the title, text, link and id of the ad. Without a text of the customer’s own, what WhatsApp greeted them with.',
  },
  {
    kind: 'Answer to a button, list, form or question',
    how: 'carried',
    as: 'The chosen text; the answers of a form line by line.',
    content: ['choice'],
    nodes: [
      'buttonsResponseMessage',
      'templateButtonReplyMessage',
      'listResponseMessage',
      'interactiveResponseMessage',
      'questionResponseMessage',
    ],
  },
  {
    kind: 'Disappearing message',
    how: 'carried',
    as: 'A message like any other. It stays in Chatwoot when it has gone from the phone.',
    why: 'Chatwoot has no messages that expire.',
  },
]

const SHOWN: readonly Row[] = [
  {
    kind: 'Location, live location',
    how: 'degraded',
    as: 'Name, address and a link to a map. Of a live location the first position.',
    why: 'Chatwoot’s API cannot make a map. WasenderAPI does not pass later positions on.',
    content: ['location'],
    nodes: ['locationMessage', 'liveLocationMessage'],
  },
  {
    kind: 'Contact card',
    how: 'degraded',
    as: 'Names and numbers as text, and a `.vcf` file for each card.',
    why: 'Chatwoot’s API cannot make a contact card.',
    content: ['contacts'],
    nodes: ['contactMessage', 'contactsArrayMessage'],
  },
  {
    kind: 'Poll',
    how: 'degraded',
    as: 'The question and its options as text.',
    why: NO_SUCH_MESSAGE,
    content: ['poll'],
    nodes: [
      'pollCreationMessage',
      'pollCreationMessageV2',
      'pollCreationMessageV3',
      'pollCreationMessageV4',
      'pollCreationMessageV5',
      'pollCreationMessageV6',
    ],
  },
  {
    kind: 'Votes in a poll that was sent from Chatwoot',
    how: 'degraded',
    as: 'A message that quotes the poll and has the votes so far, again whenever they change. Who voted for what is not shown.',
    why: 'A Chatwoot message cannot be changed.',
    content: ['poll-result'],
  },
  {
    kind: 'Reaction',
    how: 'degraded',
    as: 'A message such as “Reacted with 👍” that quotes the one it belongs to; another one when it is changed or taken back.',
    why: 'Chatwoot has no reactions.',
    options: ['reactions'],
    content: ['reaction'],
    nodes: ['reactionMessage'],
  },
  {
    kind: 'Edited message',
    how: 'degraded',
    as: 'A message that quotes the original and has the new text. One that goes back to an earlier wording is shown again.',
    why: 'A Chatwoot message cannot be changed. WhatsApp tells an edit in several ways that have only the text in common.',
    content: ['edit'],
  },
  {
    kind: 'Edit that is encrypted',
    how: 'degraded',
    as: 'A line that quotes the original. When the new text comes within three seconds, or was told before, that alone is shown.',
    why: 'WhatsApp encrypts some edits for its own clients only.',
    content: ['encrypted-edit'],
    nodes: ['secretEncryptedMessage'],
  },
  {
    kind: 'Old message, as WhatsApp hands over after linking and outages',
    how: 'degraded',
    as: 'One older than an hour has its date above the text. One that is older than seven days, or was written more than an hour before the account was set up, is a private note: it reopens nothing, and for somebody who has no conversation yet one is made that is resolved.',
    why: 'Chatwoot dates every message as of when it was brought there, and takes it for news.',
  },
  {
    kind: 'Deleted message',
    how: 'degraded',
    as: 'A line that quotes the original, which stays readable; or, by option, it is deleted in Chatwoot too.',
    options: ['customerDeletes'],
    content: ['revoke'],
    nodes: ['protocolMessage'],
  },
  {
    kind: 'Forwarded, view-once and edited marks',
    how: 'degraded',
    as: 'Small print above the text.',
    why: 'Chatwoot has no such marks.',
  },
  {
    kind: 'Group message',
    how: 'degraded',
    as: 'A message of one contact that stands for the group, with the author’s name before the text. People who are mentioned are named.',
    why: 'In Chatwoot a conversation has one contact.',
    options: ['groups'],
  },
  {
    kind: 'Joins, leaves, new admins, new names and settings of a group',
    how: 'degraded',
    as: 'A grey line in a conversation that exists.',
    options: ['groups'],
    content: ['system'],
  },
  {
    kind: 'Channel post, story',
    how: 'degraded',
    as: 'A message of one contact for the channel, and of one for all stories. Off by default.',
    options: ['channels'],
  },
  ...CARDS,
  {
    kind: 'Call',
    how: 'degraded',
    as: 'One line per call, as it was first heard of. It cannot be answered in Chatwoot.',
    why: 'WasenderAPI tells of calls and does not carry them.',
    options: ['calls'],
    content: ['call'],
    nodes: ['callLogMesssage', 'call'],
  },
  {
    kind: 'Name and picture of a contact',
    how: 'degraded',
    as: 'Name and avatar of the Chatwoot contact. A name that an agent gave is kept, by default.',
    why: 'Chatwoot fetches a new avatar at most once a minute, and only from public addresses.',
    options: ['contactNames'],
  },
  {
    kind: 'Sent, delivered and read ticks of our messages',
    how: 'degraded',
    as: 'The same ticks. In groups the first member counts. Before Chatwoot 4.12 “delivered” is left out.',
    why: 'Chatwoot has one tick per message, and older versions show a clock for “delivered”. Customers can switch off read receipts.',
  },
  {
    kind: 'Chat read on the phone',
    how: 'carried',
    as: 'The unread badge of the conversation goes.',
  },
]

/** What is told to be there, without being shown. */
const NOTED: readonly Row[] = [
  {
    kind: 'View-once file that is withheld',
    how: 'impossible',
    as: 'A line that says so. When WhatsApp does hand the file over, also later, it is carried and quotes that line.',
    why: ON_THE_PHONE_ONLY,
    content: ['unsupported'],
    nodes: ['viewOnceMessage', 'viewOnceMessageV2', 'viewOnceMessageV2Extension'],
  },
  {
    kind: 'Message that could not be decrypted',
    how: 'impossible',
    as: 'The full message when it follows; after a minute without it a line that says so, and then still the message, which quotes that line.',
    why: 'WhatsApp encrypts for each device, and sometimes the keys come late or never.',
  },
  {
    kind: 'File that WhatsApp no longer has, is damaged or larger than `media.maxBytes`',
    how: 'impossible',
    as: 'The text, and a line that says what is missing and why.',
    options: ['media'],
  },
  {
    kind: 'Pinned message, request for a phone number, encrypted change or comment, what is shown on the phone only',
    how: 'impossible',
    as: 'A line that names it.',
    why: NO_SUCH_MESSAGE,
    nodes: [
      'pinInChatMessage',
      'requestPhoneNumberMessage',
      'encCommentMessage',
      'conditionalRevealMessage',
      'placeholderMessage',
      'statusMentionMessage',
      'statusNotificationMessage',
      'statusStickerInteractionMessage',
    ],
  },
]

const UNSEEN: readonly Row[] = [
  {
    kind: 'Votes in polls of customers or made on the phone',
    how: 'impossible',
    as: 'Nothing.',
    why: 'Votes are encrypted. WasenderAPI counts them only for polls that went through its API.',
  },
  {
    kind: 'Reactions in announcement groups of communities, answers to events',
    how: 'impossible',
    as: 'Nothing.',
    why: 'They are encrypted like votes.',
  },
  {
    kind: 'Messages from before the session was linked, or while WasenderAPI did not receive',
    how: 'impossible',
    as: 'Nothing, unless WhatsApp hands them over by itself (old messages).',
    why: 'WasenderAPI has no history to ask for.',
  },
  {
    kind: 'A customer who is typing or online',
    how: 'impossible',
    as: 'Nothing.',
    why: 'WasenderAPI does not tell.',
  },
  {
    kind: 'Stars, labels, archived, muted and cleared chats',
    how: 'impossible',
    as: 'Nothing.',
    why: 'They are the phone owner’s own order, and WasenderAPI does not tell of most.',
  },
]

/** All that may come from WhatsApp. */
export const fromWhatsapp: readonly InboundCapability[] = [
  ...WRITTEN,
  ...SHOWN,
  ...NOTED,
  ...UNSEEN,
].map((row) => ({ direction: 'in', ...row }))
