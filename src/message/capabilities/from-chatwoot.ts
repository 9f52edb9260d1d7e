import { SEND_LIMITS } from '../../media/limits.ts'
import { WHATSAPP_TEXT_LIMIT } from '../format/whatsapp-text-limit.ts'
import type { OutboundCapability } from './capability.ts'

type Row = Omit<OutboundCapability, 'direction'>

const NOT_IN_THE_API = 'WasenderAPI cannot send it.'

const WRITTEN: readonly Row[] = [
  {
    kind: 'Text',
    how: 'carried',
    as: `A message with WhatsApp’s own marks; links, code and \`snake_case\` are left alone. More than ${WHATSAPP_TEXT_LIMIT} characters are several messages, in order. One with thousands of lines and marks is sent as it was typed.`,
    options: ['agentName'],
    sends: ['text'],
    contentTypes: ['text'],
  },
  {
    kind: 'Greeting, out-of-office, agent bot, automation, macro',
    how: 'carried',
    as: 'A message like any other.',
    why: 'There are no campaigns: Chatwoot refuses them for API inboxes.',
  },
  {
    kind: 'Satisfaction survey',
    how: 'degraded',
    as: 'Its text with the link to the survey. Before Chatwoot 4.4 there is no link.',
    why: 'The answer is given on Chatwoot’s page.',
    contentTypes: ['input_csat'],
  },
  {
    kind: 'Choice (`input_select`)',
    how: 'degraded',
    as: 'The options as numbered text or, by option, a poll.',
    why: 'WasenderAPI has neither buttons nor lists.',
    options: ['selectAs'],
    contentTypes: ['input_select'],
  },
  {
    kind: 'Cards',
    how: 'degraded',
    as: 'Each card as its picture with title, text and links below.',
    why: 'WasenderAPI has no buttons.',
    contentTypes: ['cards'],
  },
  {
    kind: 'Form',
    how: 'degraded',
    as: 'Its questions as numbered text, to be answered in words.',
    why: 'WasenderAPI has no forms.',
    contentTypes: ['form'],
  },
  {
    kind: 'Help centre article, video call',
    how: 'degraded',
    as: 'Title, description and link.',
    contentTypes: ['article', 'integrations'],
  },
  {
    kind: 'First message to a new number',
    how: 'carried',
    as: 'A message, after the number was found on WhatsApp, also in the other spellings of Brazil, Mexico and Argentina. The answer comes to the same conversation.',
  },
  {
    kind: 'Several attachments',
    how: 'carried',
    as: 'One message each, in order, the text below the first. A retry sends only those that failed.',
  },
]

const FILES: readonly Row[] = [
  {
    kind: 'JPEG or PNG picture',
    how: 'carried',
    as: 'A picture with its caption.',
    sends: ['image'],
    limits: SEND_LIMITS.image,
  },
  {
    kind: 'MP4 or 3GPP video',
    how: 'carried',
    as: 'A video with its caption.',
    sends: ['video'],
    limits: SEND_LIMITS.video,
  },
  {
    kind: 'Recording, audio file',
    how: 'carried',
    as: 'A voice message: as OGG/Opus where `ffmpeg` is installed, else as it is.',
    why: 'WasenderAPI sends all audio as voice messages. They have no caption: with a text on one file, the audio is a document.',
    sends: ['audio'],
    limits: SEND_LIMITS.audio,
  },
  {
    kind: 'Document',
    how: 'carried',
    as: 'A document with its name and caption.',
    options: ['media'],
    sends: ['document'],
    limits: SEND_LIMITS.document,
  },
  {
    kind: 'Picture, video or audio of another type (webp, heic, gif, mov …) or over its limit',
    how: 'degraded',
    as: 'A document.',
    why: 'WhatsApp takes only the types and sizes above as what they are.',
    limits: SEND_LIMITS.document,
  },
  {
    kind: '`.vcf` file',
    how: 'carried',
    as: 'A contact card with a name and a number; a document where that cannot be read.',
    why: 'WasenderAPI takes one contact with one number per message.',
    sends: ['contact'],
  },
  {
    kind: 'Larger file',
    how: 'impossible',
    as: 'The message is failed with the reason beside the Retry button.',
    why: 'It is over every limit of WasenderAPI, or over `media.maxBytes`.',
    options: ['media'],
  },
]

const DONE: readonly Row[] = [
  {
    kind: 'Reply to a message',
    how: 'degraded',
    as: 'A quote when the quoted message was sent through the bridge; else its words before the text.',
    why: 'WasenderAPI quotes only what went through its API.',
  },
  {
    kind: 'Delete',
    how: 'degraded',
    as: 'Deleted for everyone, all its parts. When that is no longer possible, a private note says so.',
    why: 'WhatsApp deletes for everyone in about two days, and WasenderAPI only what it sent itself.',
    commands: ['delete'],
  },
  {
    kind: 'Edit (`!edit new text`)',
    how: 'degraded',
    as: 'The text of the quoted or last message is changed, in its first 15 minutes. In Chatwoot a private note has the new text.',
    why: 'Chatwoot has no button for it and cannot change a message; WasenderAPI changes no captions.',
    commands: ['edit'],
  },
  {
    kind: 'Retry button',
    how: 'carried',
    as: 'What failed is sent again, once, with its original quote.',
  },
  {
    kind: 'Typing',
    how: 'carried',
    as: 'The customer sees that somebody is typing.',
    options: ['typing'],
  },
  {
    kind: 'Reading and answering',
    how: 'degraded',
    as: 'The customer’s messages get blue ticks when an agent answers.',
    why: 'Chatwoot does not tell the bridge when an agent only reads.',
    options: ['readReceipts'],
  },
  {
    kind: 'Poll (`!poll Question | A | B`)',
    how: 'carried',
    as: 'A poll with 2 to 12 options.',
    options: ['commands'],
    sends: ['poll'],
    commands: ['poll'],
  },
  {
    kind: 'Place (`!location 52.52,13.40 Name | Address`)',
    how: 'carried',
    as: 'A location.',
    options: ['commands'],
    sends: ['location'],
    commands: ['location'],
  },
  {
    kind: 'Contact (`!contact Name | +49…`)',
    how: 'carried',
    as: 'A contact card.',
    options: ['commands'],
    commands: ['contact'],
  },
  {
    kind: 'Sticker (`!sticker` with a webp picture)',
    how: 'carried',
    as: 'A sticker.',
    options: ['commands'],
    sends: ['sticker'],
    commands: ['sticker'],
    limits: SEND_LIMITS.sticker,
  },
  {
    kind: '`!block`, `!unblock`, `!status`, `!help`',
    how: 'carried',
    as: 'Done, and answered by a private note.',
    options: ['commands'],
    commands: ['block', 'unblock', 'status', 'help'],
  },
]

const NEVER: readonly Row[] = [
  {
    kind: 'Private note, activity line',
    how: 'impossible',
    as: 'Never sent.',
    why: 'They are for agents only.',
  },
  {
    kind: 'Reaction, forwarded message, pinned or starred message',
    how: 'impossible',
    as: 'Nothing.',
    why: `${NOT_IN_THE_API} Reactions given on the phone are shown.`,
  },
  {
    kind: 'Buttons, lists, WhatsApp templates',
    how: 'impossible',
    as: 'Their text. Button and list are shown as words.',
    why: `${NOT_IN_THE_API} Templates belong to Meta’s own business API.`,
  },
  {
    kind: 'Album, live location, story, GIF, round video',
    how: 'impossible',
    as: 'Pictures one by one; a GIF as a document; the others not at all.',
    why: NOT_IN_THE_API,
  },
  {
    kind: 'Mention in a group',
    how: 'impossible',
    as: 'The name as plain text: nobody is notified.',
    why: 'Chatwoot knows the group as one contact, so its editor offers no members.',
  },
  {
    kind: 'Deleting or editing what was typed on the phone',
    how: 'impossible',
    as: 'A private note says so.',
    why: 'WasenderAPI changes only what went through its API.',
  },
]

/** All that may come from Chatwoot. */
export const fromChatwoot: readonly OutboundCapability[] = [
  ...WRITTEN,
  ...FILES,
  ...DONE,
  ...NEVER,
].map((row) => ({ direction: 'out', ...row }))
