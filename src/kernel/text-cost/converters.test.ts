import { describe, expect, it } from 'vitest'
import { parseCommand } from '../../content/commands/parse.ts'
import { nameInUrl, nameToSend } from '../../content/media/outbound/file-name.ts'
import { readCard } from '../../content/media/outbound/vcard.ts'
import { fingerprint } from '../../content/message/fingerprint.ts'
import { protectLiquid } from '../../content/message/format/protect-liquid.ts'
import { shield } from '../../content/message/format/shield.ts'
import { splitText } from '../../content/message/format/split-text.ts'
import { toMarkdown } from '../../content/message/format/to-markdown.ts'
import { toWhatsApp } from '../../content/message/format/to-whatsapp.ts'
import { readVcard } from '../../content/message/inbound/convert.ts'
import { fileNameOf } from '../../content/message/inbound/file-name.ts'
import { bold, link, nameMentions, plain } from '../../content/message/inbound/inline.ts'
import { quotedText } from '../../content/message/outbound/plan.ts'
import { sourceIdOf } from '../../people/contacts.ts'
import { storable } from '../../platforms/chatwoot/api/api.ts'
import { parseChatwootWebhook } from '../../platforms/chatwoot/events.ts'
import { bareType, safeFileName } from '../../platforms/chatwoot/upload/multipart.ts'
import { parseVersion } from '../../platforms/chatwoot/version.ts'
import { parseBody } from '../../platforms/upstream/transport.ts'
import { maskText, withoutEcho } from '../../platforms/wasender/api/mask.ts'
import { parseWasenderWebhook } from '../../platforms/wasender/events/parse.ts'
import { parseAddress } from '../../platforms/wasender/jid.ts'
import { meaningOfWords } from '../../platforms/wasender/refusal-meaning.ts'
import { createRedact, serializeError, summarizeError } from '../log.ts'
import { cutText } from '../text.ts'
import { CHARACTERS, growsFaster, repeated, type TextOf } from './testing.ts'

/** Whatever reads or writes texts of customers, agents and the platforms. */
const CONVERTERS: Readonly<Record<string, (text: string) => unknown>> = {
  toWhatsApp,
  toMarkdown,
  shield,
  protectLiquid,
  splitText: (text) => splitText(text),
  'a card of a customer': readVcard,
  'a field of a card': (text) => readVcard(`BEGIN:VCARD\nFN:${text}\nTEL;${text}:${text}`),
  'a card of an agent': readCard,
  'the name on a card': (text) => readCard(`BEGIN:VCARD\nTEL:+12025550143\nN:${text}\nORG:${text}`),
  'the name of a file': (text) =>
    fileNameOf({ kind: 'document', mimetype: text, names: [text, 'a.pdf'] }),
  'a file in a form': (text) => safeFileName(text) + bareType(text),
  'a name': (text) => plain(text) + bold(text),
  'a link': (text) => link(`https://example.com/${text}`),
  mentions: (text) =>
    nameMentions(text, ['12025550143@s.whatsapp.net', `${text}@lid`], () => 'Maria'),
  'a quote': (text) => quotedText({ text }),
  storable: (text) => storable({ [text]: [text] }),
  cutText: (text) => cutText(text, text.length / 2),
  fingerprint: (text) => fingerprint({ kind: 'text', text }),
  'an address': (text) => [parseAddress(text), parseAddress(`${text}@lid`)],
  'a source id': (text) => sourceIdOf({ address: { kind: 'group', id: text } }),
  'a refusal': (text) => [maskText(text), meaningOfWords(text)],
  'a version': parseVersion,
  'what a refusal repeats': (text) => withoutEcho(text, { text, to: '+12025550143' }),
  'a command': (text) => [
    parseCommand(`!poll ${text}`),
    parseCommand(`!location ${text}`),
    parseCommand(`!contact ${text} | ${text}`),
    parseCommand(text),
  ],
  'a file to send': (text) => [nameInUrl(`https://example.com/${text}`), nameToSend(text, text)],
  'a webhook of the gateway': (text) => parseWasenderWebhook(webhookOf(text)),
  'a webhook of Chatwoot': (text) =>
    parseChatwootWebhook({ event: 'message_created', id: text, content: text, source_id: text }),
  'an error': (text) => [serializeError(new TypeError(text)), summarizeError(new Error(text))],
  'a line of the log': (text) => createRedact()({ [text]: text, phone: text, deep: [text] }),
  'an answer': parseBody,
}

function webhookOf(text: string) {
  const key = { id: text, fromMe: false, remoteJid: `${text}@lid`, participant: text }
  const message = { extendedTextMessage: { text, contextInfo: { stanzaId: text } } }
  const messages = { key, message, pushName: text, messageTimestamp: text }
  return { event: 'messages.received', data: { messages } }
}

/** Shapes that readers of Markdown, of WhatsApp's marks and of cards take for something. */
const STRUCTURES = [
  ...[
    '*a ',
    ' a*',
    '*a _b ~~c ',
    '**a** ',
    '***a*** ',
    '`a` ',
    '```\n',
    '```\na\n```\n',
    '{{',
    '{{`',
  ],
  ...['- a\n', '- a\n  - b\n', '1. a\n   - b\n', '- a\n  > b\n', '> a\n> > b\n', '- - a\n', '-\n'],
  ...[
    '* a\n* b\n',
    '- a\n\n',
    '- a\n\n  b\n',
    '> - a\n>   - b\n',
    '> ',
    '- ',
    '1. ',
    '1) a\n2) b\n',
  ],
  ...[
    '# a\n',
    'a\n',
    'a\n\n',
    '\n \n',
    'a  \n',
    'a\\\n',
    '---\n',
    '|-|\n',
    '| a | b |\n',
    '    a\n',
  ],
  ...['[a](', '[a](b) ', '[a](http://b.c)\n', '![', '[[', '](', '<a', '<http://a.b> ', '[a]: b\n'],
  ...[
    'http://',
    'http://a.b/* ',
    '_http://a.b/_ ',
    'http://(',
    'a@',
    'a_b@c.de ',
    'a.',
    '-a',
    'a*b*c',
  ],
  ...[
    '&amp;',
    '&#10;',
    '&aaaa',
    ';a',
    'FN:',
    'TEL:1\n',
    '\n ',
    '=\n',
    '=3D',
    ';waid=1',
    'a:',
    '%41',
  ],
  ...['@1 ', '12:', '1_', 'a\u0301', '\ufdd0*', '\u202e', '"a', '> *a*\n', 'not '],
]

const NESTED: readonly (readonly [string, TextOf])[] = [
  ['brackets', (length) => '['.repeat(length / 2) + ']'.repeat(length / 2)],
  ['marks', (length) => '*a '.repeat(length / 6) + ' a*'.repeat(length / 6)],
  ['stairs', (length) => stairs(Math.sqrt(length))],
  ['backticks', (length) => widths('`', Math.sqrt(2 * length))],
]

function stairs(steps: number): string {
  return Array.from({ length: steps }, (_, step) => `${' '.repeat(2 * step)}- a`).join('\n')
}

function widths(character: string, most: number): string {
  return Array.from({ length: most }, (_, width) => `${character.repeat(width)}a`).join('')
}

const TEXTS: readonly (readonly [string, TextOf])[] = [
  ...[...CHARACTERS, ...STRUCTURES].flatMap((atom): [string, TextOf][] => [
    [JSON.stringify(atom), repeated(atom)],
    [`a ${JSON.stringify(atom)} x`, repeated(atom, { before: 'a ', after: 'x' })],
  ]),
  ...NESTED,
]

describe('the cost of reading and writing texts', () => {
  it.each(Object.entries(CONVERTERS))(
    '%s grows no faster than the text',
    (_name, convert) => {
      const slow = TEXTS.filter(([, textOf]) =>
        growsFaster(convert, textOf, { worthMs: 4, length: 6_000 }),
      )
      expect(slow.map(([name]) => name)).toEqual([])
    },
    120_000,
  )

  it('notices work that grows with the square', () => {
    const careless = (text: string) => text.replace(/;+$/, '')
    expect(growsFaster(careless, repeated(';', { after: 'x' }), { worthMs: 1 })).toBe(true)
  })
})
