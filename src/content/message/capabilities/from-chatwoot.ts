import { SEND_LIMITS } from '../../media/limits.ts'
import type { OutboundCapability } from './capability.ts'
import { FILES, WRITTEN } from './messages-from-chatwoot.ts'

type Row = Omit<OutboundCapability, 'direction'>

const NOT_IN_THE_API = 'WasenderAPI cannot send it.'

const DONE: readonly Row[] = [
  {
    kind: 'Reply to a message',
    how: 'degraded',
    as: 'A quote when the quoted message was sent through the bridge; else its words before the text.',
    why: 'WasenderAPI quotes only what went through its API.',
    tests: {
      'test/outbound-quotes.test.ts': 'is native when the quoted message went through the API',
    },
  },
  {
    kind: 'Delete',
    how: 'degraded',
    as: 'Deleted for everyone, all its parts. When that is no longer possible, a private note says so.',
    why: 'WhatsApp deletes for everyone in about two days, and WasenderAPI only what it sent itself.',
    commands: ['delete'],
    tests: {
      'test/outbound-deletes.test.ts': 'is deleted for everyone, all parts of it',
    },
  },
  {
    kind: 'Edit (`!edit new text`)',
    how: 'degraded',
    as: 'The text of the quoted or last message is changed, in its first 15 minutes. In Chatwoot a private note has the new text.',
    why: 'Chatwoot has no button for it and cannot change a message; WasenderAPI changes no captions.',
    commands: ['edit'],
    tests: {
      'test/commands.test.ts': 'edits the last message, or the quoted one',
    },
  },
  {
    kind: 'Retry button',
    how: 'carried',
    as: 'What failed is sent again, once, with its original quote.',
    tests: {
      'test/outbound-retry.test.ts':
        'sends exactly once although Chatwoot tells of it twice, and the ticks follow',
      'test/outbound-quotes.test.ts': 'is still there after Retry: %s',
    },
  },
  {
    kind: 'Typing',
    how: 'carried',
    as: 'The customer sees that somebody is typing.',
    options: ['typing'],
    tests: {
      'test/inbound-around.test.ts':
        'is shown at most every 3 s, ended at once, and private notes stay private',
    },
  },
  {
    kind: 'Reading and answering',
    how: 'degraded',
    as: 'The customer’s messages get blue ticks when an agent answers.',
    why: 'Chatwoot does not tell the bridge when an agent only reads.',
    options: ['readReceipts'],
    tests: {
      'test/inbound-around.test.ts':
        'gives blue ticks to what was unread, with the keys as they came',
    },
  },
  {
    kind: 'Poll (`!poll Question | A | B`)',
    how: 'carried',
    as: 'A poll with 2 to 12 options.',
    options: ['commands'],
    sends: ['poll'],
    commands: ['poll'],
    tests: {
      'test/commands.test.ts': '!poll Lunch? | Pizza | Pasta | multi',
      'src/content/commands/parse.test.ts':
        'knows a poll of up to twelve options by what was written',
    },
  },
  {
    kind: 'Place (`!location 52.52,13.40 Name | Address`)',
    how: 'carried',
    as: 'A location.',
    options: ['commands'],
    sends: ['location'],
    commands: ['location'],
    tests: {
      'test/commands.test.ts': '!location 52.52,13.40 Office | Main Street 1',
    },
  },
  {
    kind: 'Contact (`!contact Name | +49…`)',
    how: 'carried',
    as: 'A contact card.',
    options: ['commands'],
    commands: ['contact'],
    tests: {
      'test/commands.test.ts': '!contact Maria | +49 30 123456',
    },
  },
  {
    kind: 'Sticker (`!sticker` with a webp picture)',
    how: 'carried',
    as: 'A sticker.',
    options: ['commands'],
    sends: ['sticker'],
    commands: ['sticker'],
    limits: SEND_LIMITS.sticker,
    tests: {
      'test/commands.test.ts': 'sends an attached or quoted webp as a sticker',
    },
  },
  {
    kind: '`!block`, `!unblock`, `!status`, `!help`',
    how: 'carried',
    as: 'Done, and answered by a private note.',
    options: ['commands'],
    commands: ['block', 'unblock', 'status', 'help'],
    tests: {
      'test/commands.test.ts': 'blocks and unblocks, says how it is, and helps',
    },
  },
]

const NEVER: readonly Row[] = [
  {
    kind: 'Private note, activity line',
    how: 'impossible',
    as: 'Never sent.',
    why: 'They are for agents only.',
    tests: {
      'test/text.test.ts': 'never sends a private note',
      'src/platforms/chatwoot/loop-rule.test.ts': 'an activity',
    },
  },
  {
    kind: 'Reaction, forwarded message, pinned or starred message',
    how: 'impossible',
    as: 'Nothing.',
    why: `${NOT_IN_THE_API} Reactions given on the phone are shown.`,
    tests: {
      'src/content/message/capabilities.test.ts': 'has each kind that is sent once, and no other',
    },
  },
  {
    kind: 'Buttons, lists, WhatsApp templates',
    how: 'impossible',
    as: 'Their text. Button and list are shown as words.',
    why: `${NOT_IN_THE_API} Templates belong to Meta’s own business API.`,
    tests: {
      'src/content/message/outbound/special.test.ts': 'a kind from the future',
      'test/outbound-content.test.ts': 'is sent as its text',
    },
  },
  {
    kind: 'Album, live location, story, GIF, round video',
    how: 'impossible',
    as: 'Pictures one by one; a GIF as a document; the others not at all.',
    why: NOT_IN_THE_API,
    tests: {
      'test/media-out.test.ts': 'arrive in order, with the text below the first',
      'src/content/media/outbound/outbound-media.test.ts': 'fun.gif',
    },
  },
  {
    kind: 'Mention in a group',
    how: 'impossible',
    as: 'The name as plain text: nobody is notified.',
    why: 'Chatwoot knows the group as one contact, so its editor offers no members.',
    tests: {
      'src/content/message/format/to-whatsapp.test.ts': 'links and pictures',
    },
  },
  {
    kind: 'Deleting or editing what was typed on the phone',
    how: 'impossible',
    as: 'A private note says so.',
    why: 'WasenderAPI changes only what went through its API.',
    tests: {
      'test/outbound-deletes.test.ts': 'says so when it was typed on the phone',
      'test/commands.test.ts':
        'does not touch what it cannot: captions, polls, other people’s words',
    },
  },
]

/** All that may come from Chatwoot. */
export const fromChatwoot: readonly OutboundCapability[] = [
  ...WRITTEN,
  ...FILES,
  ...DONE,
  ...NEVER,
].map((row) => ({ direction: 'out', ...row }))
