import type { InboundCapability } from './capability.ts'
import { CARDS } from './cards-from-whatsapp.ts'
import { MESSAGES } from './messages-from-whatsapp.ts'

type Row = Omit<InboundCapability, 'direction'>

/** WhatsApp withholds it from all devices but the phone, the gateway's among them. */
const ON_THE_PHONE_ONLY = 'WhatsApp gives it to the phone only, not to linked devices.'
const NO_SUCH_MESSAGE = 'Chatwoot has no such message.'

/** What happens to messages, chats and people. */
const HAPPENED: readonly Row[] = [
  {
    kind: 'Votes in a poll that was sent from Chatwoot',
    how: 'degraded',
    as: 'A message that quotes the poll and has the votes so far, again whenever they change. Who voted for what is not shown.',
    why: 'A Chatwoot message cannot be changed.',
    content: ['poll-result'],
    tests: {
      'test/inbound-around.test.ts':
        'that come together make few messages, and the last tells the tally',
    },
  },
  {
    kind: 'Reaction',
    how: 'degraded',
    as: 'A message such as “Reacted with 👍” that quotes the one it belongs to; another one when it is changed or taken back.',
    why: 'Chatwoot has no reactions.',
    options: ['reactions'],
    content: ['reaction'],
    nodes: ['reactionMessage'],
    tests: {
      'test/inbound-changes.test.ts':
        'that is changed, taken back and given again is shown each time',
    },
  },
  {
    kind: 'Edited message',
    how: 'degraded',
    as: 'A message that quotes the original and has the new text. One that goes back to an earlier wording is shown again.',
    why: 'A Chatwoot message cannot be changed. WhatsApp tells an edit in several ways that have only the text in common.',
    content: ['edit'],
    tests: {
      'test/inbound-changes.test.ts': 'is shown once with its new text, told %s',
      'test/inbound-edits.test.ts': 'end with what it says now, told %s',
    },
  },
  {
    kind: 'Edit that is encrypted',
    how: 'degraded',
    as: 'A line that quotes the original. When the new text comes within three seconds, or was told before, that alone is shown.',
    why: 'WhatsApp encrypts some edits for its own clients only.',
    content: ['encrypted-edit'],
    nodes: ['secretEncryptedMessage'],
    tests: {
      'test/inbound-edits.test.ts': 'is one line at the message it belongs to',
    },
  },
  {
    kind: 'Deleted message',
    how: 'degraded',
    as: 'A line that quotes the original, which stays readable; or, by option, it is deleted in Chatwoot too.',
    options: ['customerDeletes'],
    content: ['revoke'],
    nodes: ['protocolMessage'],
    tests: {
      'test/inbound-changes.test.ts': 'is one line that keeps the text, told %s',
    },
  },
  {
    kind: 'Joins, leaves, requests to join, new admins, labels of members, new names and settings of a group',
    how: 'degraded',
    as: 'A grey line in a conversation that exists.',
    options: ['groups'],
    content: ['system'],
    tests: {
      'test/inbound-groups.test.ts': 'a change of a group',
      'src/content/message/incoming.test.ts': 'a change of a group',
    },
  },
  {
    kind: 'Call',
    how: 'degraded',
    as: 'One line per call, as it was first heard of. It cannot be answered in Chatwoot.',
    why: 'WasenderAPI tells of calls and does not carry them.',
    options: ['calls'],
    content: ['call'],
    nodes: ['callLogMesssage', 'call'],
    tests: {
      'test/inbound-around.test.ts': 'is one line, whatever follows under its id',
    },
  },
  {
    kind: 'Name and picture of a contact',
    how: 'degraded',
    as: 'Name and avatar of the Chatwoot contact. A name that an agent gave is kept, by default.',
    why: 'Chatwoot fetches a new avatar at most once a minute, and only from public addresses.',
    options: ['contactNames'],
    tests: {
      'test/inbound-around.test.ts': 'follows WhatsApp until an agent gives one',
    },
  },
  {
    kind: 'Sent, delivered and read ticks of our messages',
    how: 'degraded',
    as: 'The same ticks. In groups the first member counts. Before Chatwoot 4.12 “delivered” is left out.',
    why: 'Chatwoot has one tick per message, and older versions show a clock for “delivered”. Customers can switch off read receipts.',
    tests: {
      'test/text.test.ts': 'is sent exactly once and gets its ticks',
      'test/inbound-groups.test.ts': 'gets its ticks from the first member and leaves blue ones',
      'src/bridge/sends/correct-shown.test.ts': 'misses no tick that this Chatwoot does not show',
    },
  },
  {
    kind: 'Chat read on the phone',
    how: 'carried',
    as: 'The unread badge of the conversation goes.',
    tests: {
      'test/inbound-around.test.ts': 'clears the badge once everything was read',
    },
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
    tests: {
      'src/content/message/inbound/convert.test.ts':
        'tells a view-once message whose file is withheld by %s',
      'test/inbound-fuller.test.ts':
        'is shown as far as it is known, then whole and once, also after a restart',
    },
  },
  {
    kind: 'Message that could not be decrypted',
    how: 'impossible',
    as: 'The full message when it follows; after a minute without it a line that says so, and then still the message, which quotes that line.',
    why: 'WhatsApp encrypts for each device, and sometimes the keys come late or never.',
    tests: {
      'test/inbound-around.test.ts': 'is a note after a minute, and still comes through after that',
    },
  },
  {
    kind: 'File that WhatsApp no longer has, is damaged or larger than `media.maxBytes`',
    how: 'impossible',
    as: 'The text, and a line that says what is missing and why.',
    options: ['media'],
    tests: {
      'test/media-in.test.ts': '%s: the text and a note, once',
    },
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
    tests: {
      'src/content/message/inbound/kinds.test.ts': 'is named: %s',
      'src/content/message/inbound/draft.test.ts': 'what cannot be carried',
      'test/fixtures/inbound/new-kinds.json': 'a pinned message',
    },
  },
]

const UNSEEN: readonly Row[] = [
  {
    kind: 'Votes in polls of customers or made on the phone',
    how: 'impossible',
    as: 'Nothing.',
    why: 'Votes are encrypted. WasenderAPI counts them only for polls that went through its API.',
    tests: {
      'src/content/message/inbound/convert.test.ts': 'an encrypted vote',
    },
  },
  {
    kind: 'Reactions in announcement groups of communities, answers to events',
    how: 'impossible',
    as: 'Nothing.',
    why: 'They are encrypted like votes.',
    tests: {
      'src/content/message/inbound/convert.test.ts': 'an encrypted reaction',
    },
  },
  {
    kind: 'Messages from before the session was linked, or while WasenderAPI did not receive',
    how: 'impossible',
    as: 'Nothing, unless WhatsApp hands them over by itself (old messages).',
    why: 'WasenderAPI has no history to ask for.',
    tests: {
      'test/inbound-old.test.ts': 'is nowhere until WhatsApp hands it over',
    },
  },
  {
    kind: 'A customer who is typing or online',
    how: 'impossible',
    as: 'Nothing.',
    why: 'WasenderAPI does not tell.',
    tests: {
      'test/inbound-around.test.ts': 'never touches Chatwoot',
    },
  },
  {
    kind: 'Stars, labels, archived, muted and cleared chats',
    how: 'impossible',
    as: 'Nothing.',
    why: 'They are the phone owner’s own order, and WasenderAPI does not tell of most.',
    tests: {
      'test/inbound-around.test.ts': 'never touches Chatwoot',
    },
  },
]

/** All that may come from WhatsApp. */
export const fromWhatsapp: readonly InboundCapability[] = [
  ...MESSAGES,
  ...CARDS,
  ...HAPPENED,
  ...NOTED,
  ...UNSEEN,
].map((row) => ({ direction: 'in', ...row }))
