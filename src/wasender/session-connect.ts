import { z } from 'zod'
import { maybe, text } from './api/fields.ts'
import { qrText } from './qr-text.ts'
import { parseSessionStatus, type SessionStatus } from './session-status.ts'

/** A token with which the vendor's browser helper links a device (docs/platforms/wasender.md#passkeys). */
export type PasskeyToken = {
  token: string
  /** As the gateway writes it, ISO 8601. */
  expiresAt: string | undefined
}

/** What has to happen next (docs/platforms/wasender.md#session-routes). The QR code is a login secret. */
export type ConnectResult =
  | { status: 'connected' }
  /** Without a code it has to be asked for. It is valid for about 45 s. */
  | { status: 'need_scan'; qrCode: string | undefined }
  | { status: 'need_passkey'; passkey: PasskeyToken | undefined }
  /** Any other state, documented or not. */
  | { status: 'other'; session: SessionStatus }

/** The text of a QR code. */
export const loginCode = text.transform((written, context) => {
  const code = qrText(written)
  if (code !== undefined) return code
  context.addIssue('a picture that shows no QR code')
  return z.NEVER
})

export const passkeyToken = z
  .looseObject({ token: text, expires_at: maybe(text), expiresAt: maybe(text) })
  .transform((raw): PasskeyToken => {
    return { token: raw.token, expiresAt: raw.expires_at ?? raw.expiresAt }
  })

/**
 * The token alone, or in the same `passkey` object that `connect` answers with: this body is
 * undocumented.
 */
export const askedPasskeyToken = z.union([
  passkeyToken,
  z.looseObject({ passkey: passkeyToken }).transform((found) => found.passkey),
])

export const connectResult = z
  .looseObject({ status: z.string(), qrCode: maybe(loginCode), passkey: maybe(passkeyToken) })
  .transform(({ status, qrCode, passkey }): ConnectResult => {
    const session = parseSessionStatus(status)
    switch (session) {
      case 'connected':
        return { status: session }
      case 'need_scan':
        return { status: session, qrCode }
      case 'need_passkey':
        return { status: session, passkey }
      default:
        return { status: 'other', session }
    }
  })
