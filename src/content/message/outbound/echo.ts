import type { OutgoingContent, OutgoingKind } from '../../../platforms/wasender/outgoing-message.ts'
import type { Content, MediaKind, MediaRef } from '../canonical.ts'

type ContentOf<Kind extends OutgoingKind> = Extract<OutgoingContent, { kind: Kind }>

/** What WhatsApp will say of each kind once it was sent. */
const ECHOES: { [Kind in OutgoingKind]: (content: ContentOf<Kind>) => Content } = {
  text: ({ text }) => ({ kind: 'text', text }),
  image: ({ caption }) => media('image', caption),
  video: ({ caption }) => media('video', caption),
  document: ({ caption }) => media('document', caption),
  audio: () => media('voice', undefined),
  sticker: () => media('sticker', undefined),
  contact: ({ name }) => ({ kind: 'contacts', cards: [{ name, numbers: [], vcard: '' }] }),
  location: ({ latitude, longitude }) => ({ kind: 'location', latitude, longitude, live: false }),
  poll: ({ question, options, multiSelect = false }) => ({
    kind: 'poll',
    text: question,
    options,
    multiple: multiSelect,
  }),
}

/** What the echo of a send will say, so that both have the same fingerprint. */
export function echoOf(content: OutgoingContent): Content {
  return echoOfKind(content.kind, content)
}

function echoOfKind<Kind extends OutgoingKind>(kind: Kind, content: ContentOf<Kind>): Content {
  return ECHOES[kind](content)
}

/** Only kind and caption are compared: WhatsApp names and encodes the file anew. */
function media(kind: MediaKind, text: string | undefined): Content {
  const ref: MediaRef = { kind, node: NODES[kind], raw: {}, mimetype: '', fileName: '' }
  return { kind: 'media', media: ref, ...(text === undefined ? {} : { text }) }
}

const NODES: Readonly<Record<MediaKind, MediaRef['node']>> = {
  image: 'imageMessage',
  video: 'videoMessage',
  gif: 'videoMessage',
  round: 'videoMessage',
  audio: 'audioMessage',
  voice: 'audioMessage',
  document: 'documentMessage',
  sticker: 'stickerMessage',
}
