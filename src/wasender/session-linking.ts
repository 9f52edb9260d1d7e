import { z } from 'zod'
import { readCredential } from '../credential.ts'
import { acknowledged } from './api/acknowledged.ts'
import type { Api } from './api/api.ts'
import { text } from './api/fields.ts'
import { path } from './api/path.ts'
import { askedPasskeyToken, connectResult, loginCode } from './session-connect.ts'

const qrCode = z.looseObject({ qrCode: loginCode }).transform((found) => found.qrCode)
const apiKey = z
  .looseObject({ api_key: text.refine((key) => readCredential(key) !== undefined) })
  .transform((found) => found.api_key.trim())

const get = { method: 'get', effect: 'repeatable' } as const
const post = { method: 'post', effect: 'repeatable' } as const

/** Linking a session with a phone and letting go of it (docs/platforms/wasender.md#session-routes, #passkeys). */
export function createSessionLinking({ api }: { api: Api }) {
  return {
    connect: (id: number, linkMethod: 'qr' | 'passkey' = 'qr') =>
      api(
        {
          ...post,
          operation: 'connect-session',
          path: path`whatsapp-sessions/${id}/connect`,
          json: { linkMethod },
        },
        connectResult,
      ),

    /** The code's text, a login secret, valid for about 45 s. Connect first. */
    qrCode: (id: number) =>
      api(
        { ...get, operation: 'session-qr-code', path: path`whatsapp-sessions/${id}/qrcode` },
        qrCode,
      ),

    passkeyToken: (id: number) =>
      api(
        {
          ...get,
          operation: 'session-passkey-token',
          path: path`whatsapp-sessions/${id}/passkey-token`,
        },
        askedPasskeyToken,
      ),

    disconnect: (id: number) =>
      api(
        {
          ...post,
          operation: 'disconnect-session',
          path: path`whatsapp-sessions/${id}/disconnect`,
        },
        acknowledged,
      ),

    /** Only while it is connected. */
    restart: (id: number) =>
      api(
        { ...post, operation: 'restart-session', path: path`whatsapp-sessions/${id}/restart` },
        acknowledged,
      ),

    /**
     * Returns the new session API key; the old one stops at once. Not repeatable: each call makes a
     * new one.
     */
    regenerateKey: (id: number) =>
      api(
        {
          operation: 'regenerate-session-key',
          method: 'post',
          path: path`whatsapp-sessions/${id}/regenerate-key`,
          effect: 'once',
        },
        apiKey,
      ),
  }
}
