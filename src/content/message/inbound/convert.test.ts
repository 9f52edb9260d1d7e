import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { converters, convertMessage } from './convert.ts'
import { encrypted } from './fixtures.ts'

const wrappers = [
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'editedMessage',
  'keepInChatMessage',
  'associatedChildMessage',
  'lottieStickerMessage',
  'deviceSentMessage',
  'groupMentionedMessage',
]

/** Names of fields: real ones, so that converters see odd values, and any others. */
const anyName = fc.oneof(
  fc.constantFrom(...converters.keys(), ...wrappers, 'messageContextInfo'),
  fc.string(),
)

describe('convertMessage', () => {
  it('reads plain text', () => {
    expect(convertMessage({ message: { conversation: 'Hola' }, messageBody: 'Hola' })).toEqual({
      carry: { content: { kind: 'text', text: 'Hola' } },
    })
  })

  it('reads text with a reply', () => {
    const message = {
      extendedTextMessage: {
        text: 'Yes, that one',
        contextInfo: { stanzaId: '3EB0F00D', quotedMessage: { conversation: 'Order 1234?' } },
      },
    }
    expect(convertMessage({ message })).toEqual({
      carry: {
        content: { kind: 'text', text: 'Yes, that one' },
        quotes: '3EB0F00D',
        quoted: {
          node: 'conversation',
          content: { kind: 'text', text: 'Order 1234?' },
          isStory: false,
        },
      },
    })
  })

  it('takes the gateway’s reading when the node has no text, or there is no node', () => {
    const carried = { carry: { content: { kind: 'text', text: 'Hi' } } }
    expect(convertMessage({ message: { conversation: '' }, messageBody: 'Hi' })).toEqual(carried)
    expect(convertMessage({ messageBody: 'Hi' })).toEqual(carried)
    expect(convertMessage({ message: { messageContextInfo: {} }, messageBody: 'Hi' })).toEqual(
      carried,
    )
  })

  it('takes off any nesting of envelopes and passes over companions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...wrappers), { maxLength: 60 }),
        fc.boolean(),
        fc.string({ minLength: 1 }),
        (nesting, accompanied, text) => {
          const inner: Record<string, unknown> = { conversation: text }
          const message = nesting.reduce<Record<string, unknown>>(
            (wrapped, name) => ({
              ...(accompanied ? { messageContextInfo: {}, senderKeyDistributionMessage: {} } : {}),
              [name]: { message: wrapped },
            }),
            inner,
          )
          const once = nesting.some((name) => name.startsWith('viewOnce')) ? { viewOnce: true } : {}
          expect(convertMessage({ message })).toEqual({
            carry: { content: { kind: 'text', text }, ...once },
          })
        },
      ),
    )
  })

  it('takes off envelopes it has never heard of', () => {
    const message = { someFutureEnvelope: { message: { imageMessage: encrypted } } }
    expect(convertMessage({ message })).toMatchObject({ carry: { content: { kind: 'media' } } })
  })

  it('finds the kind whatever stands beside it, in whatever order', () => {
    const message = {
      conversation: '',
      messageSecret: 'AAEC',
      messageContextInfo: { messageSecret: 'AAEC' },
      contextInfo: { stanzaId: '3EB0F00D' },
      imageMessage: null,
      stickerMessage: encrypted,
    }
    expect(convertMessage({ message })).toMatchObject({
      carry: { content: { kind: 'media', media: { kind: 'sticker' } }, quotes: '3EB0F00D' },
    })
  })

  it.each([
    ['a protocol message', { protocolMessage: { type: 3 } }],
    ['a label that is not told', { protocolMessage: { type: 30 } }],
    ['keys alone', { senderKeyDistributionMessage: { groupId: 'x' } }],
    ['the parent of an album', { albumMessage: { expectedImageCount: 2 } }],
    ['an encrypted vote', { pollUpdateMessage: { vote: {} } }],
    ['an encrypted reaction', { encReactionMessage: { encPayload: 'AA==', encIv: 'AA==' } }],
    ['an encrypted answer to an event', { encEventResponseMessage: { encPayload: 'AA==' } }],
  ])('leaves out %s', (_name, message) => {
    expect(convertMessage({ message })).toEqual({ ignore: 'noise' })
  })

  it('knows a message that could not be decrypted yet', () => {
    expect(convertMessage({})).toEqual({ ignore: 'empty' })
    expect(convertMessage({ message: undefined, messageBody: '' })).toEqual({ ignore: 'empty' })
    expect(convertMessage({ message: { conversation: '' } })).toEqual({ ignore: 'empty' })
    expect(convertMessage({ stub: { type: 2, parameters: ['Message absent from node'] } })).toEqual(
      {
        ignore: 'empty',
      },
    )
  })

  it('names what it does not know', () => {
    expect(convertMessage({ message: { someFutureMessage: { count: 1 } } })).toEqual({
      carry: { content: { kind: 'unsupported', what: 'someFutureMessage' } },
    })
    expect(
      convertMessage({ message: { someFutureMessage: {} }, messageBody: 'caption' }),
    ).toMatchObject({
      carry: { content: { kind: 'rich', parts: [{ as: 'text', text: 'caption' }] } },
    })
  })

  it.each([
    [
      'an envelope',
      { viewOnceMessageV2: { message: { imageMessage: { mimetype: 'image/jpeg' } } } },
    ],
    ['an empty envelope', { viewOnceMessageV2: { message: { messageContextInfo: {} } } }],
    ['an envelope without a message', { viewOnceMessageV2Extension: {} }],
    ['a flag', { videoMessage: { viewOnce: true } }],
  ])('tells a view-once message whose file is withheld by %s', (_name, message) => {
    expect(convertMessage({ message })).toEqual({
      carry: { content: { kind: 'unsupported', what: 'view-once' }, viewOnce: true },
    })
  })

  it('carries a view-once file that is there', () => {
    const message = { viewOnceMessageV2: { message: { imageMessage: encrypted } } }
    expect(convertMessage({ message })).toMatchObject({
      carry: { content: { kind: 'media' }, viewOnce: true },
    })
  })

  it.each([
    ['imageMessage', { caption: 'Is this in stock?' }, 'Is this in stock?'],
    ['videoMessage', { ...encrypted, mediaKey: undefined }, undefined],
    ['documentMessage', { ...encrypted, url: '', directPath: '', fileName: 'a.pdf' }, 'a.pdf'],
    ['stickerMessage', { ...encrypted, mediaKey: { type: 'Buffer', data: [] } }, undefined],
    ['locationMessage', { degreesLatitude: 12 }, undefined],
    ['contactMessage', {}, undefined],
    ['reactionMessage', {}, undefined],
    ['listResponseMessage', {}, undefined],
  ])('names a %s that lacks what it needs', (type, node, text) => {
    expect(convertMessage({ message: { [type]: node } })).toEqual({
      carry: { content: { kind: 'unsupported', what: type, ...(text ? { text } : {}) } },
    })
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.dictionary(anyName, fc.jsonValue({ maxDepth: 4 })), (message) => {
        expect(() => convertMessage({ message })).not.toThrow()
      }),
    )
  })
})
