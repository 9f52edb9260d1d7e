import type { MediaKind } from '../../wasender/nodes.ts'
import { hostMedia } from '../media/host-media.ts'
import { SAMPLES, type Sample } from '../samples/samples.ts'
import { type Arrival, arrivalSteps } from './arrivals.ts'
import { calm, newCustomer } from './customer.ts'
import { expectFiles, expectSame, expectText } from './expect.ts'
import { expectThat, type Step } from './step.ts'

const { photo, clip, voice, recording, paper, sticker } = SAMPLES

const sends =
  (kind: MediaKind, { bytes, ...file }: Sample, caption?: string): Arrival['send'] =>
  ({ person }) => {
    const { mimetype, fileName } = file
    const named = kind === 'document' ? { fileName } : {}
    const described = caption === undefined ? {} : { caption }
    return person.sendMedia(kind, bytes, { mimetype, ...named, ...described })
  }

const ROWS: readonly Arrival[] = [
  {
    name: 'a photo arrives with its caption',
    send: sends('image', photo, 'From *my* window'),
    content: /^From \*\*my\*\* window$/,
    files: [photo],
    fileType: 'image',
  },
  { name: 'a video arrives', send: sends('video', clip), files: [clip], fileType: 'video' },
  { name: 'a GIF arrives', send: sends('gif', clip), files: [clip], fileType: 'video' },
  {
    name: 'a round video arrives',
    send: sends('round-video', clip),
    files: [clip],
    fileType: 'video',
  },
  {
    name: 'a sticker arrives',
    send: sends('sticker', sticker),
    files: [sticker],
    fileType: 'image',
  },
  {
    name: 'an audio file arrives',
    send: sends('audio', recording),
    files: [recording],
    fileType: 'audio',
  },
  {
    name: 'a voice note arrives and can be played',
    send: sends('voice', { ...voice, mimetype: 'audio/ogg; codecs=opus' }),
    files: [voice],
    fileType: 'audio',
    check: ({ attachments: [file] }) => {
      // So Chatwoot names it when it has found Opus in the bytes.
      expectSame('The type', file?.contentType, 'audio/opus')
      expectSame('The mark of a voice note', file?.isVoice, true)
    },
  },
  {
    name: 'a document arrives under its name',
    send: sends('document', paper, 'Is this right?'),
    content: /^Is this right\?$/,
    files: [paper],
    check: ({ attachments: [file] }) => expectSame('The name', file?.filename, paper.fileName),
  },
  {
    name: 'a document in the wrapper of its caption arrives',
    send: ({ person }, { wasender }) => {
      const message = hostMedia(wasender, 'document', paper, { caption: 'The list' })
      return person.sendRaw({ documentWithCaptionMessage: { message } })
    },
    content: /^The list$/,
    files: [paper],
  },
  {
    name: 'a photo in several wrappers arrives',
    send: ({ person }, { wasender }) => {
      const message = { viewOnceMessageV2: { message: hostMedia(wasender, 'image', photo) } }
      return person.sendRaw({ ephemeralMessage: { message } })
    },
    content: /View once/,
    files: [photo],
  },
]

/** Files of customers. */
export const MEDIA_STEPS: readonly Step[] = [
  ...arrivalSteps(ROWS),
  {
    name: 'the pictures of an album arrive in order',
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const customer = await newCustomer(world)
      const { person } = customer
      const album = person.sendRaw({ albumMessage: { expectedImageCount: 2 } })
      const first = person.sendMedia('image', photo.bytes, { ...photo, caption: 'One' })
      const second = person.sendMedia('image', photo.bytes, { ...photo, caption: 'Two' })
      await customer.arrival(second)
      await calm(world, album, first, second)
      const shown = customer.inHelpdesk([album.keyId, first.keyId, second.keyId])
      expectText('The captions', shown.map(({ content }) => content).join(), /^One,Two$/)
      for (const message of shown) await expectFiles(world.chatwoot, message, [photo])
    },
  },
  {
    name: 'a file that WhatsApp has no longer leaves its text and a note',
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const customer = await newCustomer(world)
      const gone = {
        url: `${world.wasender.url}/v/gone.enc`,
        mediaKey: Buffer.alloc(32, 1).toString('base64'),
        mimetype: 'image/png',
        caption: 'Look',
      }
      const message = await customer.arrival(customer.person.sendRaw({ imageMessage: gone }))
      expectText('The text', message.content, /^Look\s+\[.*phone.*\]$/s)
      expectThat(message.attachments.length === 0, 'There should be no file.')
    },
  },
]
