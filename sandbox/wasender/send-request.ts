import { z } from 'zod'

const required = (field: string) => `The ${field} field is required.`
const text = (field: string) => z.string(`The ${field} field must be a string.`)
const link = (field: string) => z.url({ error: `The ${field} field must be a valid URL.` })
const number = (field: string) => z.coerce.number(`The ${field} field must be a number.`)

/** One content field of a send (docs/platforms/wasender.md#sending). */
export const CONTENT_FIELDS = [
  'imageUrl',
  'videoUrl',
  'documentUrl',
  'audioUrl',
  'stickerUrl',
  'contact',
  'location',
  'poll',
] as const
export type ContentField = (typeof CONTENT_FIELDS)[number]

const fields = z.looseObject({
  to: z.string({ error: required('to') }),
  text: text('text').optional(),
  imageUrl: link('image url').optional(),
  videoUrl: link('video url').optional(),
  documentUrl: link('document url').optional(),
  audioUrl: link('audio url').optional(),
  stickerUrl: link('sticker url').optional(),
  fileName: text('file name').optional(),
  contact: z.looseObject({ name: text('contact.name'), phone: text('contact.phone') }).optional(),
  location: z
    .looseObject({
      latitude: number('location.latitude'),
      longitude: number('location.longitude'),
      name: z.string().optional(),
      address: z.string().optional(),
    })
    .optional(),
  poll: z
    .looseObject({
      question: text('poll.question'),
      options: z
        .array(z.string())
        .min(2, 'The poll.options field must have at least 2 items.')
        .max(12, 'The poll.options field must not have more than 12 items.'),
      multiSelect: z.boolean().optional(),
    })
    .optional(),
  replyTo: z.int('The reply to field must be an integer.').min(1).optional(),
  mentions: z.array(z.string(), 'The mentions field must be an array.').optional(),
  viewOnce: z.boolean('The view once field must be true or false.').optional(),
})

/** Body of `POST /send-message`. */
export const sendRequest = fields.superRefine((request, context) => {
  const given = CONTENT_FIELDS.filter((field) => request[field] !== undefined)
  const complain = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message })
  if (given.length === 0 && request.text === undefined) {
    complain('text', 'The text field is required when no media is present.')
  }
  if (given.length > 1) {
    for (const field of given) complain(field, 'Only one kind of content can be sent at a time.')
  }
})
export type SendRequest = z.infer<typeof sendRequest>

/** The content field of a checked request; `text` when it has none. */
export function contentOf(request: SendRequest): ContentField | 'text' {
  return CONTENT_FIELDS.find((field) => request[field] !== undefined) ?? 'text'
}
