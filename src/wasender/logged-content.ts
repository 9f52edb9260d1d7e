import { z } from 'zod'
import { maybe } from './api/fields.ts'
import type { OutgoingContent } from './outgoing-message.ts'

const said = maybe(z.string())

const fields = z.looseObject({
  text: said,
  imageUrl: said,
  videoUrl: said,
  documentUrl: said,
  fileName: said,
  audioUrl: said,
  stickerUrl: said,
  contact: maybe(z.looseObject({ name: z.string(), phone: z.coerce.string() })),
  location: maybe(z.looseObject({ latitude: z.coerce.number(), longitude: z.coerce.number() })),
  poll: maybe(z.looseObject({ question: z.string(), options: z.array(z.string()) })),
})

type Fields = z.output<typeof fields>

/** `undefined` when the body is of another kind. */
type Read = (body: Fields) => OutgoingContent | undefined

const caption = ({ text }: Fields) => (text === undefined ? {} : { caption: text })

/** The field that tells the kind, in the order in which they are looked for: a caption is a text too. */
const READERS: readonly Read[] = [
  (body) =>
    body.imageUrl === undefined
      ? undefined
      : { kind: 'image', url: body.imageUrl, ...caption(body) },
  (body) =>
    body.videoUrl === undefined
      ? undefined
      : { kind: 'video', url: body.videoUrl, ...caption(body) },
  ({ documentUrl: url, fileName = '', ...body }) =>
    url === undefined ? undefined : { kind: 'document', url, fileName, ...caption(body) },
  ({ audioUrl: url }) => (url === undefined ? undefined : { kind: 'audio', url }),
  ({ stickerUrl: url }) => (url === undefined ? undefined : { kind: 'sticker', url }),
  ({ contact }) => contact && { kind: 'contact', name: contact.name, phone: contact.phone },
  ({ location }) =>
    location && {
      kind: 'location',
      latitude: location.latitude,
      longitude: location.longitude,
    },
  ({ poll }) => poll && { kind: 'poll', question: poll.question, options: poll.options },
  ({ text }) => (text === undefined ? undefined : { kind: 'text', text }),
]

/**
 * What a row of the message log says was sent (docs/platforms/wasender.md#session-routes); `undefined` when it does not
 * say.
 */
export function loggedContent(content: unknown): OutgoingContent | undefined {
  const read = fields.safeParse(content)
  if (!read.success) return undefined
  for (const reader of READERS) {
    const found = reader(read.data)
    if (found !== undefined) return found
  }
  return undefined
}
