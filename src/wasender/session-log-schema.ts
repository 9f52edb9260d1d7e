import { z } from 'zod'
import { asId, type MsgId } from '../ids.ts'
import { dateTime, integer, maybe, text } from './api/fields.ts'

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

export const sessionLog = z
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
