import { describe, expect, it } from 'vitest'
import { type MessageEvent, parseWasenderWebhook } from '../../platforms/wasender/events/index.ts'
import { isUndecrypted, undecryptedNote } from './undecrypted.ts'

function read(fields: object, key: object = {}): MessageEvent {
  const messages = {
    key: { id: '3EB0F00D', fromMe: false, remoteJid: '15550001111@s.whatsapp.net', ...key },
    pushName: 'Maria',
    ...fields,
  }
  const [event] = parseWasenderWebhook({ event: 'messages.upsert', data: { messages } }).events
  if (event?.type !== 'message') throw new Error('Not a message')
  return event
}

describe('a message without content', () => {
  it.each<[string, MessageEvent, boolean]>([
    ['the documented stub', read({ messageStubType: 2 }), true],
    ['the stub by name', read({ messageStubType: 'CIPHERTEXT', message: null }), true],
    ['nothing at all', read({}), true],
    ['an empty object', read({ message: {} }), true],
    ['an empty text', read({ message: { conversation: '' } }), false],
    ['our own', read({ messageStubType: 2 }, { fromMe: true }), false],
  ])('%s may be followed by the full one: %s', (_what, event, expected) => {
    expect(isUndecrypted(event, 'empty')).toBe(expected)
  })

  it('is none when it is traffic between clients', () => {
    expect(isUndecrypted(read({ messageStubType: 2 }), 'noise')).toBe(false)
  })

  it('leaves a note under an id of its own', () => {
    const event = read(
      { messageStubType: 2 },
      { remoteJid: '120363000000000001@g.us', participant: '15550001111@s.whatsapp.net' },
    )
    const note = undecryptedNote(event)
    expect(note.id).not.toBe(event.key.id)
    expect(note.author).toEqual({ name: 'Maria', phone: '15550001111' })
    expect(note.key).toBeUndefined()
  })
})
