import type { InboundCapability } from './capability.ts'

const NO_SUCH_MESSAGE = 'Chatwoot has no such message.'

/** What WhatsApp shows as cards of its own. In Chatwoot it is read as text, with its files. */
export const CARDS: readonly Omit<InboundCapability, 'direction'>[] = [
  {
    kind: 'Buttons, lists, carousels and templates of a business',
    how: 'degraded',
    as: 'Everything that can be read of it: title, text, rows, cards, links, phone numbers, codes to copy, ways to pay. Files of headers and cards are attachments; one that WhatsApp holds back is named.',
    why: 'Chatwoot shows buttons only in what agents send.',
    content: ['rich'],
    options: ['media'],
    nodes: [
      'buttonsMessage',
      'listMessage',
      'templateMessage',
      'interactiveMessage',
      'highlyStructuredMessage',
    ],
    tests: {
      'src/content/message/inbound/rich/rich.test.ts': 'messages of businesses',
      'test/fixtures/inbound/templates.json':
        'a template of which only the gateway knows the words',
    },
  },
  {
    kind: 'Event, cancelled event, invitation to an event, scheduled call',
    how: 'degraded',
    as: 'What it is, when (in UTC), where, with description and link; a cancelled one says so.',
    why: NO_SUCH_MESSAGE,
    nodes: [
      'eventMessage',
      'eventInviteMessage',
      'scheduledCallCreationMessage',
      'scheduledCallEditMessage',
    ],
    tests: {
      'src/content/message/inbound/rich/rich.test.ts': 'events',
      'test/fixtures/inbound/new-kinds.json': 'a cancelled event',
    },
  },
  {
    kind: 'Order, product',
    how: 'degraded',
    as: 'Of an order its title, message, number of articles, total and order number, as far as WhatsApp says them; of a product its title, description, price, link and picture.',
    why: 'WhatsApp sends the articles of an order to the catalogue only.',
    nodes: ['orderMessage', 'productMessage'],
    tests: {
      'src/content/message/inbound/rich/rich.test.ts': 'orders and products',
      'test/fixtures/inbound/orders.json': 'an order whose total is not known',
    },
  },
  {
    kind: 'Group and channel invitation, invoice, payment, sticker pack, poll result, answer of an AI, answer in a story',
    how: 'degraded',
    as: 'What can be read of it, below a line that names it.',
    why: NO_SUCH_MESSAGE,
    nodes: [
      'groupInviteMessage',
      'newsletterAdminInviteMessage',
      'newsletterFollowerInviteMessageV2',
      'invoiceMessage',
      'sendPaymentMessage',
      'requestPaymentMessage',
      'declinePaymentRequestMessage',
      'cancelPaymentRequestMessage',
      'paymentInviteMessage',
      'stickerPackMessage',
      'pollResultSnapshotMessage',
      'pollAddOptionMessage',
      'richResponseMessage',
      'bcallMessage',
      'statusQuestionAnswerMessage',
      'statusQuotedMessage',
    ],
    tests: {
      'src/content/message/inbound/rich/rich.test.ts': 'other cards',
      'test/fixtures/inbound/questions.json': 'an invitation to follow a channel',
    },
  },
  {
    kind: 'Anything WhatsApp invents later',
    how: 'degraded',
    as: 'The texts and files found in it, and a line with WhatsApp’s own name for it.',
    why: 'What nobody knows yet can only be read as far as it looks like what is known.',
    tests: {
      'src/content/message/inbound/rich/rich.test.ts':
        'shows the texts and files in it, below names that are no words',
    },
  },
]
