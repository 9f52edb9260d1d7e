import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { converters, convertMessage } from './convert.ts'
import { encrypted } from './fixtures.ts'

/* The same message in every spelling JSON may have for it. */

/** 64-bit integers: a number, a string, or protobuf's two halves. */
const integer = (value: number) =>
  fc.constantFrom<unknown>(value, String(value), {
    low: value | 0,
    high: Math.floor(value / 2 ** 32),
    unsigned: true,
  })

/** Bytes: base64, a serialized Buffer, an object of numbers, an array. */
const bytes = (base64: string) => {
  const list = [...Buffer.from(base64, 'base64')]
  return fc.constantFrom<unknown>(base64, { type: 'Buffer', data: list }, { ...list }, list)
}

const flag = (value: boolean) => fc.constantFrom<unknown>(value, String(value), value ? 1 : 0)
const enumValue = (number: number, name: string) =>
  fc.constantFrom<unknown>(number, String(number), name, name.toLowerCase())

const SIZE = 5_000_000_123

describe('every spelling of a field', () => {
  it('gives the same file, and keeps the node as it came', () => {
    const node = fc.record({
      url: fc.constantFrom(encrypted.url, undefined),
      directPath: fc.constant(encrypted.directPath),
      mediaKey: bytes(encrypted.mediaKey),
      mimetype: fc.constantFrom('audio/ogg; codecs=opus', 'audio/ogg', 'Audio/OGG;codecs=opus'),
      fileLength: integer(SIZE),
      seconds: integer(7),
      ptt: flag(true),
    })
    fc.assert(
      fc.property(node, (audioMessage) => {
        expect(convertMessage({ message: { audioMessage }, at: 0 })).toEqual({
          carry: {
            content: {
              kind: 'media',
              media: {
                kind: 'voice',
                node: 'audioMessage',
                raw: audioMessage,
                mimetype: 'audio/ogg',
                fileName: 'voice-19700101-000000.ogg',
                size: SIZE,
                duration: 7,
              },
            },
          },
        })
      }),
    )
  })

  it('gives the same deletion', () => {
    const type = fc.oneof(enumValue(0, 'REVOKE'), fc.constantFrom(undefined, null))
    fc.assert(
      fc.property(type, (type) => {
        const message = { protocolMessage: { type, key: { id: '3EB0A1', fromMe: false } } }
        expect(convertMessage({ message })).toEqual({
          carry: { content: { kind: 'revoke', target: '3EB0A1' } },
        })
      }),
    )
  })

  it('gives the same label of a member', () => {
    fc.assert(
      fc.property(enumValue(30, 'GROUP_MEMBER_LABEL_CHANGE'), fc.string(), (type, label) => {
        const message = { protocolMessage: { type, memberLabel: { label, labelTimestamp: '1' } } }
        expect(convertMessage({ message })).toEqual({
          carry: { content: { kind: 'system', what: 'member-label', names: [label] } },
        })
      }),
    )
  })

  it('gives the same edit, wherever its words are', () => {
    const type = fc.oneof(enumValue(14, 'MESSAGE_EDIT'), fc.constant(undefined))
    const text = fc.string({ minLength: 1 })
    fc.assert(
      fc.property(
        type,
        text,
        fc.integer({ min: 0, max: 5 }),
        fc.nat(9),
        (type, text, form, depth) => {
          const edited = [
            { conversation: text },
            { extendedTextMessage: { text } },
            { imageMessage: { caption: text } },
            { documentWithCaptionMessage: { message: { documentMessage: { caption: text } } } },
            { message: { conversation: text } },
            { messageContextInfo: {}, extendedTextMessage: { text } },
          ][form]
          const protocolMessage = { type, key: { id: '3EB0A1' }, editedMessage: edited }
          const message = Array.from({ length: depth }).reduce<Record<string, unknown>>(
            (inner) => ({ editedMessage: { message: inner } }),
            { protocolMessage },
          )
          expect(convertMessage({ message })).toEqual({
            carry: { content: { kind: 'edit', target: '3EB0A1', text } },
          })
        },
      ),
    )
  })

  it('gives the same reaction', () => {
    fc.assert(
      fc.property(integer(1_784_402_766_013), (senderTimestampMs) => {
        const reactionMessage = { key: { id: '3EB0F0' }, text: '👍', senderTimestampMs }
        expect(convertMessage({ message: { reactionMessage } })).toEqual({
          carry: {
            content: { kind: 'reaction', target: '3EB0F0', text: '👍', at: 1_784_402_766_013 },
          },
        })
      }),
    )
  })

  it('gives the same context, wherever it is', () => {
    const contextInfo = fc.record({
      stanzaId: fc.constant('3EB0F0'),
      mentionedJid: fc.constantFrom<unknown>(
        ['15550001111@s.whatsapp.net'],
        '15550001111@s.whatsapp.net',
      ),
      isForwarded: flag(true),
      forwardingScore: integer(1),
    })
    const places = fc.constantFrom(
      (context: unknown) => ({ extendedTextMessage: { text: 'Hi', contextInfo: context } }),
      (context: unknown) => ({ conversation: 'Hi', contextInfo: context }),
      (context: unknown) => ({
        ephemeralMessage: { contextInfo: context, message: { conversation: 'Hi' } },
      }),
    )
    fc.assert(
      fc.property(contextInfo, places, (context, place) => {
        expect(convertMessage({ message: place(context) })).toEqual({
          carry: {
            content: { kind: 'text', text: 'Hi' },
            quotes: '3EB0F0',
            mentions: ['15550001111@s.whatsapp.net'],
            forwarded: true,
          },
        })
      }),
    )
  })

  it('is read without a throw when its value is anything at all', () => {
    const names = [...converters.keys()]
    const fields = [
      ...[
        'url',
        'mediaKey',
        'mimetype',
        'fileLength',
        'fileName',
        'caption',
        'contextInfo',
        'message',
      ],
      ...[
        'degreesLatitude',
        'degreesLongitude',
        'contacts',
        'vcard',
        'displayName',
        'options',
        'name',
      ],
      ...['key', 'type', 'editedMessage', 'text', 'title', 'body', 'nativeFlowResponseMessage'],
    ]
    const node = fc.dictionary(fc.constantFrom(...fields), fc.jsonValue({ maxDepth: 3 }))
    fc.assert(
      fc.property(fc.constantFrom(...names), node, fc.string(), (name, node, messageBody) => {
        const converted = convertMessage({ message: { [name]: node }, messageBody })
        expect(Object.keys(converted)).toHaveLength(1)
      }),
      { numRuns: 500 },
    )
  })
})
