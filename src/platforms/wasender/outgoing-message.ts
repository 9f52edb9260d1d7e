import type { MsgId } from '../../kernel/ids.ts'

/** What a WhatsApp message can be made of (docs/platforms/wasender.md#sending). URLs have to be public. */
export type OutgoingContent =
  | { kind: 'text'; text: string }
  | { kind: 'image'; url: string; caption?: string }
  | { kind: 'video'; url: string; caption?: string }
  | { kind: 'document'; url: string; fileName: string; caption?: string }
  /** Always arrives as a voice note. */
  | { kind: 'audio'; url: string }
  | { kind: 'sticker'; url: string }
  | { kind: 'contact'; name: string; phone: string }
  | { kind: 'location'; latitude: number; longitude: number; name?: string; address?: string }
  /** Two to twelve options. */
  | { kind: 'poll'; question: string; options: string[]; multiSelect?: boolean }

export type OutgoingKind = OutgoingContent['kind']

export type OutgoingMessage = {
  /** `+15551234567`, digits, a JID or `@username`. */
  to: string
  /** Only messages sent through the API can be quoted: it takes their {@link MsgId}. */
  replyTo?: MsgId
  /** JIDs; groups only, and the text has to contain `@<number>`. */
  mentions?: string[]
  /** For images, videos and audio. */
  viewOnce?: boolean
} & OutgoingContent

type ContentOf<Kind extends OutgoingKind> = Extract<OutgoingContent, { kind: Kind }>

/** How each kind is written; `undefined` fields vanish in the JSON. */
const CONTENT: { [Kind in OutgoingKind]: (content: ContentOf<Kind>) => Record<string, unknown> } = {
  text: ({ text }) => ({ text }),
  image: ({ url, caption }) => ({ imageUrl: url, text: caption }),
  video: ({ url, caption }) => ({ videoUrl: url, text: caption }),
  document: ({ url, fileName, caption }) => ({ documentUrl: url, fileName, text: caption }),
  audio: ({ url }) => ({ audioUrl: url }),
  sticker: ({ url }) => ({ stickerUrl: url }),
  contact: ({ name, phone }) => ({ contact: { name, phone } }),
  location: ({ latitude, longitude, name, address }) => ({
    location: { latitude, longitude, name, address },
  }),
  poll: ({ question, options, multiSelect }) => ({ poll: { question, options, multiSelect } }),
}

function contentFields<Kind extends OutgoingKind>(
  kind: Kind,
  content: ContentOf<Kind>,
): Record<string, unknown> {
  return CONTENT[kind](content)
}

/** The JSON body of a send, the same for both spellings of the routes. */
export function sendBody(message: OutgoingMessage): Record<string, unknown> {
  const { to, replyTo, mentions, viewOnce } = message
  return { to, ...contentFields(message.kind, message), replyTo, mentions, viewOnce }
}
