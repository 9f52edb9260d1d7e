import fc from 'fast-check'
import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { describe, expect, it } from 'vitest'
import { textsOf } from '../../locale/index.ts'
import { convertMessage } from './convert.ts'
import { type ChatwootDraft, type DraftContext, draftFor } from './draft.ts'
import { encrypted } from './fixtures.ts'

const texts = textsOf('en')

function draftOf(
  message: Record<string, unknown>,
  context: Partial<DraftContext> = {},
): ChatwootDraft {
  const converted = convertMessage({ message })
  if (!('carry' in converted)) throw new Error('leaves no trace')
  return draftFor(converted.carry, { texts, ...context })
}

const answering = (quotedMessage: unknown, more: object = {}) => ({
  extendedTextMessage: {
    text: 'Yes, that one',
    contextInfo: { stanzaId: '3EB0BEFORE', quotedMessage, ...more },
  },
})

/** What is quoted, and how it reads. */
const QUOTED: [string, Record<string, unknown>, string][] = [
  ['a text', { conversation: 'Red or blue?' }, '> Red or blue?'],
  ['a text with a preview', { extendedTextMessage: { text: 'Red or blue?' } }, '> Red or blue?'],
  [
    'a picture without its key',
    { imageMessage: { caption: 'New sofa', mimetype: 'image/jpeg' } },
    '> *Image*\n> New sofa',
  ],
  ['a picture without words', { imageMessage: { ...encrypted } }, '> *Image*'],
  [
    'a voice message',
    { audioMessage: { ...encrypted, ptt: true, mimetype: 'audio/ogg' } },
    '> *Voice message*',
  ],
  [
    'a file',
    { documentMessage: { fileName: 'offer-12.pdf', mimetype: 'application/pdf' } },
    '> *Document*\n> offer-12.pdf',
  ],
  [
    'a file with a caption in its envelope',
    {
      documentWithCaptionMessage: {
        message: {
          documentMessage: { ...encrypted, fileName: 'offer-12.pdf', caption: 'Our offer' },
        },
      },
    },
    '> *Document*\n> offer-12.pdf, Our offer',
  ],
  [
    'a product',
    {
      productMessage: {
        product: { title: 'Sofa', priceAmount1000: '199000', currencyCode: 'EUR' },
      },
    },
    '> *Product*\n> Sofa',
  ],
  [
    'a place',
    { locationMessage: { degreesLatitude: 1, degreesLongitude: 2, name: 'Shop' } },
    '> *Location*\n> Shop',
  ],
  [
    'a contact card',
    { contactMessage: { displayName: 'Ann', vcard: 'BEGIN:VCARD\nFN:Ann\nEND:VCARD' } },
    '> *Contact card*\n> Ann',
  ],
  ['a sticker', { stickerMessage: { ...encrypted } }, '> *Sticker*'],
  [
    'a poll',
    { pollCreationMessageV3: { name: 'Lunch?', options: [{ optionName: 'Soup' }] } },
    '> *Poll*\n> Lunch?',
  ],
  ['what nobody knows yet', { inventedMessage: { odd: true } }, '> *Message*'],
  ['nothing at all', {}, '> *Message*'],
]

describe('a reply to what Chatwoot does not have', () => {
  it.each(QUOTED)('has %s in words', (_what, quotedMessage, words) => {
    const { content } = draftOf(answering(quotedMessage))
    expect(content.startsWith(words)).toBe(true)
    expect(content.endsWith('\n\nYes, that one')).toBe(true)
  })

  it('is told by the native quote alone where that is shown', () => {
    const [, [, quoted]] = QUOTED as [unknown, [string, Record<string, unknown>]]
    const draft = draftOf(answering(quoted), { isQuoteShown: true })
    expect(draft).toMatchObject({ content: 'Yes, that one', quotes: '3EB0BEFORE' })
  })

  it('stays as it is without anything to quote', () => {
    const { content } = draftOf({
      extendedTextMessage: { text: 'Yes', contextInfo: { stanzaId: '3EB0BEFORE' } },
    })
    expect(content).toBe('Yes')
  })

  it.each([
    ['ours, for customers', {}, 'Reply to our story'],
    ['theirs, from our phone', { fromMe: true }, 'Reply to their story'],
    ['anybody’s, in a group', { quotedAuthor: 'Ann' }, 'Reply to a story · Ann'],
  ])('says that it was a story: %s', (_whose, context, words) => {
    const message = answering(
      { imageMessage: { caption: 'New sofa' } },
      { remoteJid: 'status@broadcast' },
    )
    const { content } = draftOf(message, context)
    expect(content).toBe(`> *${words} · Image*\n> New sofa\n\nYes, that one`)
  })

  it('says so of a story that is gone', () => {
    const contextInfo = { stanzaId: '3EB0GONE', remoteJid: 'status@broadcast' }
    const { content } = draftOf({ extendedTextMessage: { text: 'Nice', contextInfo } })
    expect(content).toBe('> *Reply to our story · Message*\n\nNice')
  })

  it('has a product that has no id', () => {
    const quotedMessage = { productMessage: { product: { title: 'Sofa' } } }
    const contextInfo = { quotedMessage, participant: '12025550101@s.whatsapp.net' }
    const { content } = draftOf({ extendedTextMessage: { text: 'How much?', contextInfo } })
    expect(content).toBe('> *Product*\n> Sofa\n\nHow much?')
  })

  it('names who wrote it, and stands below who answers and above what they say', () => {
    const context = { author: 'Maria', quotedAuthor: 'Ann *A*' }
    expect(draftOf(answering({ conversation: 'Hi' }), context).content).toBe(
      '**Maria**\n> *Ann \\*A\\**\n> Hi\n\nYes, that one',
    )
  })

  it('names who is mentioned in it', () => {
    const quotedMessage = {
      extendedTextMessage: {
        text: 'Ask @12025550101',
        contextInfo: { mentionedJid: ['12025550101@s.whatsapp.net'] },
      },
    }
    const { content } = draftOf(answering(quotedMessage), { nameOf: () => 'Ann' })
    expect(content).toContain('> Ask @Ann\n')
  })

  it('is short, and only one answer deep', () => {
    const deep = (depth: number): Record<string, unknown> => ({
      extendedTextMessage: {
        text: `level ${depth} ${'x'.repeat(5_000)}`,
        ...(depth < 200 ? { contextInfo: { quotedMessage: deep(depth + 1) } } : {}),
      },
    })
    const { content } = draftOf(answering(deep(0)))
    expect(content.length).toBeLessThan(700)
    expect(content).toContain('level 0')
    expect(content).not.toContain('level 1')
  })
})

const info = { stanzaId: '3EB0BEFORE', quotedMessage: { conversation: 'the earlier words' } }

/** Everything that can answer something. */
const ANSWERS: Record<string, Record<string, unknown>> = {
  extendedTextMessage: { text: 'x' },
  imageMessage: { ...encrypted, caption: 'x' },
  videoMessage: { ...encrypted },
  ptvMessage: { ...encrypted },
  audioMessage: { ...encrypted, ptt: true },
  documentMessage: { ...encrypted, fileName: 'a.pdf' },
  stickerMessage: { ...encrypted },
  locationMessage: { degreesLatitude: 1, degreesLongitude: 2 },
  liveLocationMessage: { degreesLatitude: 1, degreesLongitude: 2 },
  contactMessage: { displayName: 'Ann', vcard: '' },
  contactsArrayMessage: { contacts: [{ displayName: 'Ann', vcard: '' }] },
  pollCreationMessageV3: { name: 'Lunch?', options: [{ optionName: 'Soup' }] },
  buttonsResponseMessage: { selectedDisplayText: 'Yes' },
  templateButtonReplyMessage: { selectedDisplayText: 'Yes' },
  listResponseMessage: { title: 'Yes' },
  interactiveResponseMessage: { body: { text: 'Yes' } },
  groupInviteMessage: { groupName: 'Friends' },
  productMessage: { product: { title: 'Sofa' } },
  inventedMessage: { text: 'x' },
}
const WRAPPERS = [
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'deviceSentMessage',
  'groupMentionedMessage',
  'keepInChatMessage',
  'inventedEnvelope',
]

describe('a reply of any kind, in any envelopes', () => {
  it('says what it answers exactly where that is not shown', () => {
    const kind = fc.constantFrom(...Object.keys(ANSWERS))
    const nesting = fc.array(fc.constantFrom(...WRAPPERS), { maxLength: 5 })
    fc.assert(
      fc.property(kind, nesting, fc.boolean(), fc.boolean(), (name, around, isShown, isStory) => {
        const contextInfo = isStory ? { ...info, remoteJid: 'status@broadcast' } : info
        const node = { [name]: { ...ANSWERS[name], contextInfo } }
        const message = around.reduce<Record<string, unknown>>(
          (inner, wrapper) => ({ [wrapper]: { message: inner } }),
          node,
        )
        const { content, quotes } = draftOf(message, { isQuoteShown: isShown })
        expect(quotes).toBe('3EB0BEFORE')
        expect(content.includes('> the earlier words')).toBe(!isShown)
        expect(content.includes('our story')).toBe(isStory && !isShown)
      }),
    )
  })

  it('quotes hostile words as nothing but words, in a quote that ends', () => {
    const all = (node: Nodes): Nodes[] => [
      node,
      ...('children' in node ? (node.children as Nodes[]).flatMap(all) : []),
    ]
    const word = fc.constantFrom(
      ...['# ', '- ', '> ', '```', '\n', '![x](http://e.example)', '<img src=x>', '1. ', '| - |'],
      ...['***', '\u202e', '\\', '_', 'word', '====', '\r', '[a](b)', '\u2028'],
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const { content } = draftOf(answering({ conversation: words.join('') }))
        const [quote, ...rest] = fromMarkdown(content).children
        expect(quote?.type).toBe('blockquote')
        expect(rest.map(({ type }) => type)).toEqual(['paragraph'])
        const inQuote = new Set(all(quote as Nodes).map(({ type }) => type))
        for (const type of inQuote) {
          expect(['blockquote', 'paragraph', 'text', 'emphasis', 'break']).toContain(type)
        }
      }),
    )
  })
})
