import { z } from 'zod'
import { readCredential } from '../../kernel/credential.ts'
import { BridgeError } from '../../kernel/errors.ts'
import { type Api, acknowledged, path } from './api/api.ts'
import { isNotFound } from './api/classify.ts'
import { pageOf } from './api/envelope.ts'
import { maybe, text } from './api/fields.ts'
import { qrText } from './qr-text.ts'
import { createSessionLogs } from './session-logs.ts'
import {
  changedSession,
  type NewSession,
  type Session,
  type SessionSettings,
  session,
  settingsBody,
} from './session-schema.ts'
import { parseSessionStatus, type SessionStatus } from './session-status.ts'

/** A token with which the vendor's browser helper links a device (docs/platforms/wasender.md#passkeys). */
type PasskeyToken = {
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
const loginCode = text.transform((written, context) => {
  const code = qrText(written)
  if (code !== undefined) return code
  context.addIssue('a picture that shows no QR code')
  return z.NEVER
})

const passkeyToken = z
  .looseObject({ token: text, expires_at: maybe(text), expiresAt: maybe(text) })
  .transform((raw): PasskeyToken => {
    return { token: raw.token, expiresAt: raw.expires_at ?? raw.expiresAt }
  })

/**
 * The token alone, or in the same `passkey` object that `connect` answers with: this body is
 * undocumented.
 */
const askedPasskeyToken = z.union([
  passkeyToken,
  z.looseObject({ passkey: passkeyToken }).transform((found) => found.passkey),
])

const connectResult = z
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

const sessionList = pageOf(session).transform((page) => page.items)

const get = { method: 'get', effect: 'repeatable' } as const

export type Sessions = ReturnType<typeof createSessions>

/**
 * Every session of the WasenderAPI account, by the personal access token (docs/platforms/wasender.md#session-routes).
 * The three passkey routes without a token are the browser helper's, and `/decrypted-media` is a plain download.
 */
export function createSessions({ api }: { api: Api }) {
  return {
    ...createSessionLinking({ api }),
    ...createSessionLogs({ api }),

    list: () => api({ ...get, operation: 'list-sessions', path: 'whatsapp-sessions' }, sessionList),

    /** Not repeatable: a second one would be a second session. */
    create: (settings: NewSession) =>
      api(
        {
          operation: 'create-session',
          method: 'post',
          path: 'whatsapp-sessions',
          json: settingsBody(settings),
          effect: 'once',
        },
        session,
      ),

    /** With `apiKey` and `webhookSecret`. */
    get: (id: number) =>
      api({ ...get, operation: 'get-session', path: path`whatsapp-sessions/${id}` }, session),

    /** A `warning` in the result means that the webhook is not live. */
    update: (id: number, settings: Partial<SessionSettings>) =>
      api(
        {
          operation: 'update-session',
          method: 'put',
          path: path`whatsapp-sessions/${id}`,
          json: settingsBody(settings),
          effect: 'repeatable',
        },
        changedSession,
      ),

    /** Its API key stops working. */
    remove: (id: number) =>
      api(
        {
          operation: 'delete-session',
          method: 'delete',
          path: path`whatsapp-sessions/${id}`,
          effect: 'repeatable',
        },
        acknowledged,
      ),

    /** Whether the personal access token is valid. */
    authCheck: async (): Promise<boolean> => {
      try {
        await api({ ...get, operation: 'auth-check', path: 'auth-check' }, acknowledged)
        return true
      } catch (error) {
        if (error instanceof BridgeError && error.code === 'wasender.unauthorized') return false
        throw error
      }
    },
  }
}

const qrCode = z.looseObject({ qrCode: loginCode }).transform((found) => found.qrCode)
const apiKey = z
  .looseObject({ api_key: text.refine((key) => readCredential(key) !== undefined) })
  .transform((found) => found.api_key.trim())
const post = { method: 'post', effect: 'repeatable' } as const

/** Linking a session with a phone and letting go of it (docs/platforms/wasender.md#session-routes, #passkeys). */
function createSessionLinking({ api }: { api: Api }) {
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

/** The account's session as the personal access token sees it, with what its own key may not know. */
export type ManagedSession = {
  /** `undefined` when none of the token's sessions is ours. */
  id(): Promise<number | undefined>
  get(): Promise<Session | undefined>
}

/** Which session it was, kept for the time when its key has changed and finds it no more. */
export type SessionMemory = {
  recall(): number | undefined
  keep(id: number | undefined): void
}

/**
 * Finds our session: by the configured id, or by the API key, which only the answer about a single session contains
 * (docs/platforms/wasender.md#session-settings).
 */
export function createManagedSession(options: {
  sessions: Pick<Sessions, 'list' | 'get'>
  sessionId?: number | undefined
  apiKey: () => string
  memory: SessionMemory
}): ManagedSession {
  const { sessions, sessionId, apiKey, memory } = options

  async function find(): Promise<Session | undefined> {
    for (const { id } of await sessions.list()) {
      const session = await sessions.get(id)
      if (session.apiKey?.trim() !== apiKey().trim()) continue
      memory.keep(id)
      return session
    }
    return undefined
  }

  async function remembered(id: number): Promise<Session | undefined> {
    try {
      return await sessions.get(id)
    } catch (error) {
      if (!isNotFound(error)) throw error
      // It was deleted; the key may belong to the one that took its place.
      memory.keep(undefined)
      return find()
    }
  }

  return {
    id: async () => sessionId ?? memory.recall() ?? (await find())?.id,
    get() {
      if (sessionId !== undefined) return sessions.get(sessionId)
      const known = memory.recall()
      return known === undefined ? find() : remembered(known)
    },
  }
}
