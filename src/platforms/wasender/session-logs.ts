import { z } from 'zod'
import { asId, type MsgId } from '../../kernel/ids.ts'
import { type Api, path } from './api/api.ts'
import { type PageQuery, pageOf } from './api/envelope.ts'
import { dateTime, integer, maybe, text } from './api/fields.ts'
import type { OutgoingContent } from './outgoing-message.ts'

const LOG_STATUSES = ['sent', 'failed', 'in_progress'] as const

export type LogStatus = (typeof LOG_STATUSES)[number]

/** One message sent through the API, as the log keeps it (docs/platforms/wasender.md#session-routes). */
export type MessageLog = {
  /** The row's id is the message's id (docs/platforms/wasender.md#message-ids). */
  msgId: MsgId
  to: string | undefined
  /** The body of the send: parsed JSON, or the text itself when it is none. */
  content: unknown
  status: LogStatus | 'other'
  failedReason: string | undefined
  /** Milliseconds since 1970. */
  createdAt: number | undefined
  updatedAt: number | undefined
}

export type SessionLog = {
  id: number
  /** `status_change`, `session_restarted` and others. */
  event: string | undefined
  status: string | undefined
  /** Milliseconds since 1970. */
  at: number | undefined
}

const content = z.unknown().transform((written) => {
  if (typeof written !== 'string') return written
  try {
    return JSON.parse(written) as unknown
  } catch {
    // Not JSON is no damage: the text is the content.
    return written
  }
})

const logStatus = z
  .string()
  .transform((written) => LOG_STATUSES.find((status) => status === written.toLowerCase()))

export const messageLog = z
  .looseObject({
    id: integer,
    to: maybe(text),
    content: content.optional(),
    status: maybe(logStatus),
    failed_reason: maybe(text),
    created_at: maybe(dateTime),
    updated_at: maybe(dateTime),
  })
  .transform(
    (row): MessageLog => ({
      msgId: asId<MsgId>(row.id),
      to: row.to,
      content: row.content,
      status: row.status ?? 'other',
      failedReason: row.failed_reason,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }),
  )

const sessionLog = z
  .looseObject({
    id: integer,
    event_type: maybe(text),
    status: maybe(text),
    occurred_at: maybe(dateTime),
  })
  .transform(
    (row): SessionLog => ({
      id: row.id,
      event: row.event_type,
      status: row.status,
      at: row.occurred_at,
    }),
  )

const messageLogs = pageOf(messageLog)
const sessionLogs = pageOf(sessionLog)

/** What the gateway has written down about a session (docs/platforms/wasender.md#session-routes). */
export function createSessionLogs({ api }: { api: Api }) {
  return {
    /**
     * Messages sent through the API. Without `log_messages` there is neither content nor number.
     */
    messageLogs: (id: number, query: PageQuery & { status?: LogStatus } = {}) =>
      api(
        {
          operation: 'session-message-logs',
          method: 'get',
          path: path`whatsapp-sessions/${id}/message-logs`,
          search: { page: query.page, per_page: query.perPage, status: query.status },
          effect: 'repeatable',
        },
        messageLogs,
      ),

    sessionLogs: (id: number, query: PageQuery = {}) =>
      api(
        {
          operation: 'session-logs',
          method: 'get',
          path: path`whatsapp-sessions/${id}/session-logs`,
          search: { page: query.page, per_page: query.perPage },
          effect: 'repeatable',
        },
        sessionLogs,
      ),
  }
}

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
