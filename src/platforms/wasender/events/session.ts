import { z } from 'zod'
import { qrText } from '../qr-text.ts'
import { parseSessionStatus } from '../session-status.ts'
import { compact, entriesOf, label, millis } from './fields.ts'
import { type ReadEvent, unknownEvent, type WasenderEvent } from './types.ts'

const statusSchema = z.object({ status: z.string().trim().min(1), reason: label })
const qrSchema = z.object({ qr: label, qrCode: label })
const passkeySchema = z.object({
  stage: z.string().trim().min(1),
  requestId: label,
  code: label,
  error: label,
  expiresAt: millis,
})

/** `session.status`. The API writes them in both cases (docs/platforms/wasender.md#session-settings). */
export const readSessionStatus: ReadEvent = (data, event) =>
  entriesOf(data).map((entry): WasenderEvent => {
    const parsed = statusSchema.safeParse(typeof entry === 'string' ? { status: entry } : entry)
    if (!parsed.success) return unknownEvent(event, 'session status without a status')
    const { status, reason } = parsed.data
    return { type: 'session-status', status: parseSessionStatus(status), ...compact({ reason }) }
  })

/** `qrcode.updated`; the HTTP API calls the same thing `qrCode`. */
export const readQr: ReadEvent = (data, event) =>
  entriesOf(data).map((entry): WasenderEvent => {
    const parsed = qrSchema.safeParse(typeof entry === 'string' ? { qr: entry } : entry)
    const written = parsed.data?.qr ?? parsed.data?.qrCode
    const qr = written === undefined ? undefined : qrText(written)
    return qr === undefined ? unknownEvent(event, 'QR event without a code') : { type: 'qr', qr }
  })

/** `passkey.updated` (docs/platforms/wasender.md#session-events). */
export const readPasskey: ReadEvent = (data, event) =>
  entriesOf(data).map((entry): WasenderEvent => {
    const parsed = passkeySchema.safeParse(entry)
    if (!parsed.success) return unknownEvent(event, 'passkey event without a stage')
    const { stage, ...rest } = parsed.data
    return { type: 'passkey', stage: stage.toLowerCase(), ...compact(rest) }
  })
