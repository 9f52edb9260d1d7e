import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { convertMessage } from './convert.ts'

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
      carry: { content: { kind: 'text', text: 'Yes, that one' }, quotes: '3EB0F00D' },
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
        fc.array(fc.constantFrom(...wrappers), { maxLength: 8 }),
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
          expect(convertMessage({ message })).toEqual({
            carry: { content: { kind: 'text', text } },
          })
        },
      ),
    )
  })

  it.each([
    ['a protocol message', { protocolMessage: { type: 3 } }],
    ['keys alone', { senderKeyDistributionMessage: { groupId: 'x' } }],
    ['the parent of an album', { albumMessage: { expectedImageCount: 2 } }],
    ['an encrypted vote', { pollUpdateMessage: { vote: {} } }],
  ])('leaves out %s', (_name, message) => {
    expect(convertMessage({ message })).toEqual({ ignore: 'noise' })
  })

  it('knows a message that could not be decrypted yet', () => {
    expect(convertMessage({})).toEqual({ ignore: 'empty' })
    expect(convertMessage({ message: undefined, messageBody: '' })).toEqual({ ignore: 'empty' })
  })

  it('names what it does not know', () => {
    expect(convertMessage({ message: { someFutureMessage: { foo: 'bar' } } })).toEqual({
      carry: { content: { kind: 'unsupported', what: 'someFutureMessage' } },
    })
    expect(
      convertMessage({ message: { someFutureMessage: {} }, messageBody: 'caption' }),
    ).toMatchObject({ carry: { content: { kind: 'unsupported', text: 'caption' } } })
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (message) => {
        expect(() => convertMessage({ message })).not.toThrow()
      }),
    )
  })
})
