import type { InboundCapability } from './capability.ts'

const NO_SUCH_MESSAGE = 'Chatwoot has no such message.'

/** What people write, and how it looks in Chatwoot. */
export const MESSAGES: readonly Omit<InboundCapability, 'direction'>[] = [
  {
    kind: 'Text',
    how: 'carried',
    as: 'An incoming message. Bold, italic, strikethrough, code, lists and quotes look the same; links, code and `snake_case` are left alone. One longer than WhatsApp itself allows goes along in full as a file.',
    content: ['text'],
    nodes: ['conversation', 'extendedTextMessage'],
    tests: {
      'test/text.test.ts': 'makes contact, conversation and message, then costs exactly one call',
      'src/content/message/format/to-markdown.test.ts': 'marks',
      'src/content/message/inbound/draft.test.ts': '%j goes along whole, as a file',
    },
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
    tests: {
      'test/media-in.test.ts': '%s: equal bytes, right type and name',
      'test/inbound-twins.test.ts':
        'is shown once and nothing is taken away when the better one comes first',
    },
  },
  {
    kind: 'Voice message',
    how: 'carried',
    as: 'An audio attachment that plays in the conversation.',
    options: ['media'],
    media: ['voice'],
    tests: {
      'test/media-in.test.ts': '%s: equal bytes, right type and name',
    },
  },
  {
    kind: 'Reply',
    how: 'carried',
    as: 'The message quotes the one it answers. What Chatwoot does not have in that conversation, such as our story, a product or a message from before linking, is quoted in words.',
    tests: {
      'test/inbound-quotes.test.ts':
        'quotes in words what is in an earlier conversation, where Chatwoot shows no quote',
      'src/content/message/inbound/quote-wording.test.ts': 'has %s in words',
    },
  },
  {
    kind: 'Message typed on the phone',
    how: 'carried',
    as: 'An outgoing message marked as sent from the phone. It is not sent again.',
    options: ['phoneMessages'],
    tests: {
      'test/text.test.ts': 'is mirrored with external_echo and never sent',
      'src/bridge/inbound/message-type.test.ts': 'a text typed on the phone',
    },
  },
  {
    kind: 'Ad click',
    how: 'carried',
    as: 'The message, and a private note with the title, text, link and id of the ad and the id of the click. Without a text of the customer’s own, what WhatsApp greeted them with.',
    tests: {
      'test/media-in.test.ts': 'an ad click leaves one private note of our own behind the text',
      'src/content/message/inbound/rich/rich.test.ts': 'is what the ad said, with its note: %#',
      'test/fixtures/inbound/ads.json': 'a click without a text',
    },
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
    tests: {
      'src/content/message/inbound/kinds.test.ts': 'answers to buttons, lists and forms',
      'test/fixtures/inbound/answers.json': 'a row of a list',
    },
  },
  {
    kind: 'Disappearing message',
    how: 'carried',
    as: 'A message like any other. It stays in Chatwoot when it has gone from the phone.',
    why: 'Chatwoot has no messages that expire.',
    tests: {
      'src/content/message/inbound/convert.test.ts':
        'takes off any nesting of envelopes and passes over companions',
    },
  },
  {
    kind: 'Location, live location',
    how: 'degraded',
    as: 'Name, address and a link to a map. Of a live location the first position.',
    why: 'Chatwoot’s API cannot make a map. WasenderAPI does not pass later positions on.',
    content: ['location'],
    nodes: ['locationMessage', 'liveLocationMessage'],
    tests: {
      'src/content/message/inbound/draft.test.ts': 'come with a map link',
      'test/fixtures/inbound/files.json': 'a place that moves',
    },
  },
  {
    kind: 'Contact card',
    how: 'degraded',
    as: 'Names and numbers as text, and a `.vcf` file for each card.',
    why: 'Chatwoot’s API cannot make a contact card.',
    content: ['contacts'],
    nodes: ['contactMessage', 'contactsArrayMessage'],
    tests: {
      'test/media-in.test.ts': 'cards come as files of one message',
      'test/fixtures/inbound/contact-cards.json': 'several cards, one of them empty',
    },
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
    tests: {
      'src/content/message/inbound/kinds.test.ts': 'reads pollCreationMessage%s',
      'src/content/message/inbound/draft.test.ts': 'show question and options',
    },
  },
  {
    kind: 'Old message, as WhatsApp hands over after linking and outages',
    how: 'degraded',
    as: 'One older than an hour has its date above the text. One that is older than seven days, or was written more than an hour before the account was set up, is a private note: it reopens nothing, and for somebody who has no conversation yet one is made that is resolved.',
    why: 'Chatwoot dates every message as of when it was brought there, and takes it for news.',
    tests: {
      'test/inbound-old.test.ts':
        'of somebody nobody knows is kept in a conversation that waits for nobody',
      'src/bridge/inbound/age.test.ts': 'before the account',
    },
  },
  {
    kind: 'Forwarded, view-once and edited marks',
    how: 'degraded',
    as: 'Small print above the text.',
    why: 'Chatwoot has no such marks.',
    tests: {
      'src/content/message/inbound/draft.test.ts': 'puts the author first and small print next',
    },
  },
  {
    kind: 'Group message',
    how: 'degraded',
    as: 'A message of one contact that stands for the group, with the author’s name before the text. People who are mentioned are named.',
    why: 'In Chatwoot a conversation has one contact.',
    options: ['groups'],
    tests: {
      'test/inbound-groups.test.ts':
        'names who is mentioned, by the name they write under or the one in the address book',
      'test/fixtures/inbound/groups.json': 'an author with a LID only',
    },
  },
  {
    kind: 'Channel post, story',
    how: 'degraded',
    as: 'A message of one contact for the channel, and of one for all stories. Off by default.',
    options: ['channels'],
    tests: {
      'test/inbound-groups.test.ts': 'are let go unless they are asked for',
    },
  },
]
