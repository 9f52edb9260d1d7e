import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  contactNode,
  extendedTextNode,
  locationNode,
  type MessageNode,
  mediaNode,
  pollNode,
  textNode,
} from '../../../../sandbox/wasender/nodes.ts'
import type { OutgoingContent, OutgoingKind } from '../../../platforms/wasender/outgoing-message.ts'
import { fingerprint } from '../fingerprint.ts'
import { convertMessage } from '../inbound/convert.ts'
import { echoOf } from './echo.ts'

const hosted = {
  url: 'https://mmg.whatsapp.net/x',
  directPath: '/x',
  mediaKey: 'a2V5',
  mimetype: 'application/octet-stream',
}

/** What the webhook of a sent message shows of it. */
const NODES: { [K in OutgoingKind]: (c: Extract<OutgoingContent, { kind: K }>) => MessageNode[] } =
  {
    text: ({ text }) => [textNode(text), extendedTextNode(text, { stanzaId: '3EB0' })],
    image: ({ caption }) => [mediaNode('image', hosted, caption === undefined ? {} : { caption })],
    video: ({ caption }) => {
      const details = caption === undefined ? {} : { caption }
      return [mediaNode('video', hosted, details), mediaNode('gif', hosted, details)]
    },
    document: ({ caption, fileName }) => {
      const node = mediaNode('document', hosted, {
        fileName,
        ...(caption === undefined ? {} : { caption }),
      })
      return [node, { documentWithCaptionMessage: { message: node } }]
    },
    audio: () => [mediaNode('voice', hosted), mediaNode('audio', hosted)],
    sticker: () => [mediaNode('sticker', hosted)],
    contact: (contact) => [contactNode(contact)],
    location: ({ latitude, longitude, name }) => [
      locationNode({ latitude, longitude, ...(name === undefined ? {} : { name }) }),
      locationNode({ latitude: Math.fround(latitude), longitude: Math.fround(longitude) }),
    ],
    poll: ({ question, options, multiSelect = false }) => [
      pollNode({ question, options, multiSelect }),
    ],
  }

const words = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '')
const caption = fc.option(words, { nil: undefined })
const url = fc.constant('https://files.example.com/x')
const captioned = <K extends 'image' | 'video'>(kind: K) =>
  fc.record({ kind: fc.constant(kind), url, caption })
const contents = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: words }),
  captioned('image'),
  captioned('video'),
  fc.record({ kind: fc.constant('document' as const), url, fileName: words, caption }),
  fc.record({ kind: fc.constant('audio' as const), url }),
  fc.record({ kind: fc.constant('sticker' as const), url }),
  fc.record({
    kind: fc.constant('contact' as const),
    name: fc.stringMatching(/^[A-Za-zÀ-ž][A-Za-zÀ-ž ]{0,20}$/),
    phone: fc.constant('+15550001111'),
  }),
  fc.record({
    kind: fc.constant('location' as const),
    latitude: fc.double({ min: -90, max: 90, noNaN: true }),
    longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    name: caption,
  }),
  fc.record({
    kind: fc.constant('poll' as const),
    question: words,
    options: fc.uniqueArray(words, { minLength: 2, maxLength: 12 }),
  }),
)

function nodesOf<K extends OutgoingKind>(
  kind: K,
  content: Extract<OutgoingContent, { kind: K }>,
): MessageNode[] {
  return NODES[kind](content)
}

describe('the echo of a send', () => {
  it('has the fingerprint of what was sent, whatever the kind and the form', () => {
    fc.assert(
      fc.property(contents, (drawn) => {
        const content = JSON.parse(JSON.stringify(drawn)) as OutgoingContent
        for (const message of nodesOf(content.kind, content)) {
          const converted = convertMessage({ message })
          if (!('carry' in converted)) throw new Error(`${content.kind} is not carried`)
          expect(fingerprint(converted.carry.content)).toBe(fingerprint(echoOf(content)))
        }
      }),
      { numRuns: 500 },
    )
  })

  it.each<[OutgoingContent, OutgoingContent]>([
    [
      { kind: 'text', text: 'a' },
      { kind: 'text', text: 'b' },
    ],
    [
      { kind: 'image', url: 'u' },
      { kind: 'document', url: 'u', fileName: 'f' },
    ],
    [
      { kind: 'image', url: 'u', caption: 'a' },
      { kind: 'image', url: 'u', caption: 'b' },
    ],
    [
      { kind: 'text', text: 'a' },
      { kind: 'image', url: 'u', caption: 'a' },
    ],
    [
      { kind: 'location', latitude: 1, longitude: 2 },
      { kind: 'location', latitude: 2, longitude: 1 },
    ],
    [
      { kind: 'contact', name: 'a', phone: '1' },
      { kind: 'contact', name: 'b', phone: '1' },
    ],
    [
      { kind: 'poll', question: 'a', options: ['x', 'y'] },
      { kind: 'poll', question: 'b', options: ['x', 'y'] },
    ],
  ])('tells %j from %j', (one, other) => {
    expect(fingerprint(echoOf(one))).not.toBe(fingerprint(echoOf(other)))
  })
})
