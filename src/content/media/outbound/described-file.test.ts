import { describe, expect, it } from 'vitest'
import type { Attachment } from '../../../platforms/chatwoot/shapes/message.ts'
import { attachmentSchema } from '../../../platforms/chatwoot/shapes/message.ts'
import { isRecording } from './carry-file.ts'
import { describeFile, takesCaption } from './stored-file.ts'

const at = (name: string) =>
  `https://chat.example.com/rails/active_storage/blobs/redirect/x--y/${name}`

/** As in Chatwoot's webhooks about agents' files. */
const png = attachmentSchema.parse({
  id: 301,
  file_type: 'image',
  extension: 'png',
  content_type: 'image/png',
  data_url: at('label.png'),
  file_size: 182044,
  width: null,
})
const recorded = attachmentSchema.parse({
  id: 303,
  file_type: 'audio',
  extension: 'mp3',
  content_type: 'audio/mpeg',
  data_url: `${at('68ebb6434341.mp3')}?disposition=inline`,
  file_size: 52608,
  transcribed_text: '',
})
const file = (fields: Partial<Attachment>): Attachment => ({ fileType: 'file', ...fields })

describe('describeFile', () => {
  it('reads what Chatwoot says', () => {
    expect(describeFile(png)).toEqual({ type: 'image/png', name: 'label.png', size: 182044 })
  })

  it.each([
    ['its extension', file({ dataUrl: at('a'), extension: '.PDF' }), null, 'application/pdf'],
    ['its name', file({ dataUrl: at('scan.jpeg') }), null, 'image/jpeg'],
    ['the storage', file({ dataUrl: at('scan') }), 'image/png', 'image/png'],
    ['nobody', file({ dataUrl: at('scan') }), 'binary/octet-stream', 'application/octet-stream'],
    [
      'its name, when the type is vague',
      file({ dataUrl: at('card.vcf'), contentType: 'application/octet-stream' }),
      null,
      'text/vcard',
    ],
  ])('learns the type from %s', (_from, attachment, served, type) => {
    expect(describeFile(attachment, served).type).toBe(type)
  })
})

describe('takesCaption', () => {
  it.each([
    ['an image', png, true],
    ['a document', file({ dataUrl: at('a.pdf') }), true],
    ['something unknown', file({ dataUrl: at('a') }), true],
    ['audio', recorded, false],
    ['audio of an odd format', file({ dataUrl: at('a.wav') }), false],
    ['audio of an older Chatwoot', { fileType: 'audio', dataUrl: at('a') }, false],
    ['a card', file({ dataUrl: at('a.vcf') }), false],
    ['no file at all', file({}), false],
  ])('%s: %s', (_what, attachment, expected) => {
    expect(takesCaption(attachment)).toBe(expected)
  })
})

describe('isRecording', () => {
  it.each([
    ['the dashboard records so', recorded, true],
    ['a song', { ...recorded, dataUrl: at('Song.mp3') }, false],
    ['a short number', { ...recorded, dataUrl: at('2026.mp3') }, false],
    ['a picture', { ...png, dataUrl: at('68ebb6434341.png') }, false],
    ['no file', { fileType: 'audio' }, false],
    ['before 4.13', { fileType: 'audio', dataUrl: at('68ebb6434341.mp3') }, true],
  ])('%s: %s', (_what, attachment, expected) => {
    expect(isRecording(attachment)).toBe(expected)
  })
})
