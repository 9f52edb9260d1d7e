import { describe, expect, it } from 'vitest'
import { convertMessage } from './convert.ts'
import { AT, encrypted } from './fixtures.ts'

const carried = (message: Record<string, unknown>, messageBody = '') =>
  convertMessage({ message, messageBody, at: AT })

describe('files', () => {
  it.each([
    [
      'image',
      'imageMessage',
      { mimetype: 'image/jpeg' },
      'image/jpeg',
      'image-20260718-192605.jpg',
    ],
    ['image', 'imageMessage', { mimetype: 'image/png' }, 'image/png', 'image-20260718-192605.png'],
    ['video', 'videoMessage', { mimetype: 'video/mp4' }, 'video/mp4', 'video-20260718-192605.mp4'],
    ['gif', 'videoMessage', { gifPlayback: true }, 'video/mp4', 'gif-20260718-192605.mp4'],
    ['round', 'ptvMessage', {}, 'video/mp4', 'video-note-20260718-192605.mp4'],
    [
      'voice',
      'audioMessage',
      { ptt: true, mimetype: 'audio/ogg; codecs=opus' },
      'audio/ogg',
      'voice-20260718-192605.ogg',
    ],
    [
      'audio',
      'audioMessage',
      { ptt: false, mimetype: 'audio/mpeg' },
      'audio/mpeg',
      'audio-20260718-192605.mp3',
    ],
    [
      'document',
      'documentMessage',
      { mimetype: 'application/pdf', title: 'invoice.pdf', fileName: 'invoice.pdf' },
      'application/pdf',
      'invoice.pdf',
    ],
    [
      'sticker',
      'stickerMessage',
      { isAnimated: true },
      'image/webp',
      'sticker-20260718-192605.webp',
    ],
  ])('reads %s from %s', (kind, node, fields, mimetype, fileName) => {
    const raw = { ...encrypted, ...fields }
    expect(carried({ [node]: raw })).toEqual({
      carry: {
        content: { kind: 'media', media: { kind, node, raw, mimetype, fileName, size: 14 } },
      },
    })
  })

  it('reads the caption of a document out of its envelope', () => {
    const documentMessage = { ...encrypted, fileName: 'a.pdf', caption: 'The *invoice*' }
    expect(carried({ documentWithCaptionMessage: { message: { documentMessage } } })).toMatchObject(
      {
        carry: { content: { text: 'The *invoice*', media: { node: 'documentMessage' } } },
      },
    )
  })

  it('takes the gateway’s reading for a caption the node does not have', () => {
    expect(carried({ imageMessage: encrypted }, 'Is this in stock?')).toMatchObject({
      carry: { content: { text: 'Is this in stock?' } },
    })
  })

  it('reads a file that has only its path', () => {
    expect(carried({ imageMessage: { ...encrypted, url: undefined } })).toMatchObject({
      carry: { content: { kind: 'media' } },
    })
  })

  it('reads the pictures of an album and passes over what announces them', () => {
    expect(carried({ albumMessage: { expectedImageCount: 2 } })).toEqual({ ignore: 'noise' })
    const child = {
      imageMessage: encrypted,
      messageContextInfo: { messageAssociation: { parentMessageKey: { id: '3EB0ALBUM' } } },
    }
    expect(carried(child)).toMatchObject({ carry: { content: { media: { kind: 'image' } } } })
    expect(carried({ associatedChildMessage: { message: child } })).toEqual(carried(child))
  })
})
