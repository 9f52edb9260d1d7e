import { SEND_LIMITS } from '../../media/limits.ts'
import { WHATSAPP_TEXT_LIMIT } from '../format/split-text.ts'
import type { OutboundCapability } from './capability.ts'

type Row = Omit<OutboundCapability, 'direction'>

/** What agents and programs write. */
export const WRITTEN: readonly Row[] = [
  {
    kind: 'Text',
    how: 'carried',
    as: `A message with WhatsApp’s own marks; links, code and \`snake_case\` are left alone. More than ${WHATSAPP_TEXT_LIMIT} characters are several messages, in order. One with thousands of lines and marks is sent as it was typed.`,
    options: ['agentName'],
    sends: ['text'],
    contentTypes: ['text'],
    tests: {
      'test/outbound-content.test.ts': 'is split where it is too long, in order',
      'src/content/message/format/to-whatsapp.test.ts': 'texts people type',
      'test/hostile-texts.test.ts': 'a text that is hard to read',
    },
  },
  {
    kind: 'Greeting, out-of-office, agent bot, automation, macro',
    how: 'carried',
    as: 'A message like any other.',
    why: 'There are no campaigns: Chatwoot refuses them for API inboxes.',
    tests: {
      'test/outbound-content.test.ts': 'is sent without a name: %s',
    },
  },
  {
    kind: 'Satisfaction survey',
    how: 'degraded',
    as: 'Its text with the link to the survey. Before Chatwoot 4.4 there is no link.',
    why: 'The answer is given on Chatwoot’s page.',
    contentTypes: ['input_csat'],
    tests: {
      'test/outbound-content.test.ts': 'the survey with its link',
      'src/content/message/outbound/special.test.ts': 'a survey of an older Chatwoot',
    },
  },
  {
    kind: 'Choice (`input_select`)',
    how: 'degraded',
    as: 'The options as numbered text or, by option, a poll.',
    why: 'WasenderAPI has neither buttons nor lists.',
    options: ['selectAs'],
    contentTypes: ['input_select'],
    tests: {
      'src/content/message/outbound/special.test.ts': 'a choice',
      'test/outbound-content.test.ts': 'sends a choice as a poll, by option',
    },
  },
  {
    kind: 'Cards',
    how: 'degraded',
    as: 'Each card as its picture with title, text and links below.',
    why: 'WasenderAPI has no buttons.',
    contentTypes: ['cards'],
    tests: {
      'src/content/message/outbound/special.test.ts': 'cards',
    },
  },
  {
    kind: 'Form',
    how: 'degraded',
    as: 'Its questions as numbered text, to be answered in words.',
    why: 'WasenderAPI has no forms.',
    contentTypes: ['form'],
    tests: {
      'src/content/message/outbound/special.test.ts': 'a form',
    },
  },
  {
    kind: 'Help centre article, video call',
    how: 'degraded',
    as: 'Title, description and link.',
    contentTypes: ['article', 'integrations'],
    tests: {
      'test/outbound-content.test.ts': 'sends articles with their links',
      'src/content/message/outbound/special.test.ts': 'a video call',
    },
  },
  {
    kind: 'First message to a new number',
    how: 'carried',
    as: 'A message, after the number was found on WhatsApp, also in the other spellings of Brazil, Mexico and Argentina. The answer comes to the same conversation.',
    tests: {
      'test/outbound-new-chats.test.ts':
        'reaches the customer, and the answer lands in the same conversation',
      'test/identity-numbers.test.ts':
        'lets the answer land where the agent wrote to the dialled number',
    },
  },
  {
    kind: 'Several attachments',
    how: 'carried',
    as: 'One message each, in order, the text below the first. A retry sends only those that failed.',
    tests: {
      'test/outbound-parts.test.ts': 'sends again after Retry only what failed, once',
    },
  },
]

/** The files they attach. */
export const FILES: readonly Row[] = [
  {
    kind: 'JPEG or PNG picture',
    how: 'carried',
    as: 'A picture with its caption.',
    sends: ['image'],
    limits: SEND_LIMITS.image,
    tests: {
      'test/media-out.test.ts': 'arrive unchanged: %s %s',
    },
  },
  {
    kind: 'MP4 or 3GPP video',
    how: 'carried',
    as: 'A video with its caption.',
    sends: ['video'],
    limits: SEND_LIMITS.video,
    tests: {
      'test/media-out.test.ts': 'arrive unchanged: %s %s',
    },
  },
  {
    kind: 'Recording, audio file',
    how: 'carried',
    as: 'A voice message: as OGG/Opus where `ffmpeg` is installed, else as it is.',
    why: 'WasenderAPI sends all audio as voice messages. They have no caption: with a text on one file, the audio is a document.',
    sends: ['audio'],
    limits: SEND_LIMITS.audio,
    tests: {
      'test/media-out.test.ts': 'are voice notes when they were recorded',
      'src/content/message/outbound/plan.test.ts':
        'puts the text below the first file that shows one, and files in order',
    },
  },
  {
    kind: 'Document',
    how: 'carried',
    as: 'A document with its name and caption.',
    options: ['media'],
    sends: ['document'],
    limits: SEND_LIMITS.document,
    tests: {
      'test/media-out.test.ts': 'arrive unchanged: %s %s',
      'src/content/message/outbound/attachment-kind.test.ts':
        'keeps the caption of %s by sending it as %s',
    },
  },
  {
    kind: 'Picture, video or audio of another type (webp, heic, gif, mov …) or over its limit',
    how: 'degraded',
    as: 'A document.',
    why: 'WhatsApp takes only the types and sizes above as what they are.',
    limits: SEND_LIMITS.document,
    tests: {
      'test/media-out.test.ts': 'are documents when they are too large for what they are',
      'src/content/media/outbound/outbound-media.test.ts': 'fun.gif',
    },
  },
  {
    kind: '`.vcf` file',
    how: 'carried',
    as: 'A contact card with a name and a number; a document where that cannot be read.',
    why: 'WasenderAPI takes one contact with one number per message.',
    sends: ['contact'],
    tests: {
      'test/media-out.test.ts': 'are contact cards when they hold one',
      'src/content/media/outbound/outbound-media.test.ts':
        'sends the card of a .vcf as a contact and several as a file',
    },
  },
  {
    kind: 'Larger file',
    how: 'impossible',
    as: 'The message is failed with the reason beside the Retry button.',
    why: 'It is over every limit of WasenderAPI, or over `media.maxBytes`.',
    options: ['media'],
    tests: {
      'test/media-out.test.ts': 'fail with the reason when they are %s, and the others arrive',
    },
  },
]
