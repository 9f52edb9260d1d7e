import { LANDSCAPE } from '../samples/paintings.ts'
import { encodePng } from '../samples/png.ts'
import { SAMPLES, type Sample } from '../samples/samples.ts'
import { fileNode, type Kind, sends } from './kind.ts'

const { photo, clip } = SAMPLES

/** The photo as it is sent first when it comes in two qualities. */
const small: Sample = {
  ...photo,
  bytes: encodePng({
    width: 80,
    height: 55,
    colorAt: (x, y) => LANDSCAPE.colorAt(x * 4, y * 4),
  }),
}

/** The child of a message: the same picture or video once more, in another form. */
const childOf = (parent: string, associationType: string | number, message: object) => ({
  messageContextInfo: {
    messageAssociation: { associationType, parentMessageKey: { id: parent, fromMe: false } },
  },
  associatedChildMessage: { message },
})

const withheld = { viewOnceMessageV2: { message: { imageMessage: { viewOnce: true } } } }
const notHere = /[Vv]iew.once[\s\S]*phone/

/** Pictures and videos that take more than one message, or come without their bytes. */
export const PICTURE_KINDS: readonly Kind[] = [
  {
    id: 'hd-picture',
    label: 'Picture in two qualities',
    promise: 'a picture in two qualities is shown once, the better one',
    send: ({ person, wasender }) => {
      const first = { ...fileNode(wasender, 'image', small), caption: 'The damage' }
      const parent = person.sendRaw({ imageMessage: first })
      const better = { imageMessage: fileNode(wasender, 'image', photo) }
      return [parent, person.sendRaw(childOf(parent.keyId, 'HD_IMAGE_DUAL_UPLOAD', better))]
    },
    shown: [{ content: /^The damage$/, files: [photo] }],
  },
  {
    id: 'motion-picture',
    label: 'Moving picture',
    promise: 'of a moving picture the still one is shown',
    send: ({ person, wasender }) => {
      const parent = person.sendRaw({ imageMessage: fileNode(wasender, 'image', photo) })
      const seconds = { videoMessage: fileNode(wasender, 'video', clip) }
      return [parent, person.sendRaw(childOf(parent.keyId, 12, seconds))]
    },
    shown: [{ files: [photo] }],
  },
  {
    id: 'view-once',
    label: 'View-once picture',
    promise: 'a view-once picture that is handed over arrives with its mark',
    send: sends((wasender) => ({
      viewOnceMessageV2: {
        message: { imageMessage: { ...fileNode(wasender, 'image', photo), viewOnce: true } },
      },
    })),
    shown: [{ content: /View once/, files: [photo] }],
  },
  {
    id: 'view-once-withheld',
    label: 'View-once, withheld',
    promise: 'a view-once picture without content leaves a note',
    send: sends(withheld),
    shown: [{ content: notHere }],
  },
  {
    id: 'view-once-later',
    label: 'View-once, handed over later',
    promise: 'a view-once picture that is handed over later quotes its note',
    send: ({ person, wasender }) => {
      const first = person.sendRaw(withheld)
      const imageMessage = { ...fileNode(wasender, 'image', photo), viewOnce: true }
      const whole = { viewOnceMessageV2: { message: { imageMessage } } }
      return [first, person.sendRaw(whole, { keyId: first.keyId })]
    },
    shown: [{ content: notHere }, { content: /View once/, files: [photo], quotes: 0 }],
  },
  {
    id: 'fuller-picture',
    label: 'Picture whose file comes later',
    promise: 'a picture whose file comes later is shown in full then',
    send: ({ person, wasender }) => {
      const bare = { mimetype: photo.mimetype, caption: 'From my window', jpegThumbnail: '/9j/' }
      const first = person.sendRaw({ imageMessage: bare })
      const whole = { ...fileNode(wasender, 'image', photo), caption: 'From my window' }
      return [first, person.sendRaw({ imageMessage: whole }, { keyId: first.keyId })]
    },
    shown: [
      { content: /From my window[\s\S]*phone/ },
      { content: /^From my window$/, files: [photo], quotes: 0 },
    ],
  },
]
