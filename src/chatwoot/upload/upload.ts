import { BridgeError, OutcomeUnknownError, TransientError } from '../../errors.ts'
import {
  type Answer,
  type Call,
  createTransport,
  type TransportOptions,
} from '../../upstream/transport.ts'
import { encodeMultipart, type Part } from './multipart.ts'

/** Sends parts as one multipart request. */
export type Upload = (call: Omit<Call, 'json' | 'body'>, parts: readonly Part[]) => Promise<Answer>

/** Large files over slow lines; Chatwoot's own limit starts when the body has arrived. */
const UPLOAD_TIMEOUT_MS = 5 * 60_000

/**
 * Uploads without holding a file in memory. The body is put in below the transport, into a request
 * that must not be redirected: fetch copies every request it may have to send again, and a copied
 * stream keeps all that was read of it.
 */
export function createUpload(options: TransportOptions): Upload {
  const send = options.fetch ?? globalThis.fetch
  return async (call, parts) => {
    const { stream, contentType, isComplete, failure, close } = encodeMultipart(parts)
    const withBody: typeof globalThis.fetch = (input, init) =>
      send(new Request(input, { body: stream, duplex: 'half', redirect: 'error' }), init)
    const transport = createTransport({ ...options, fetch: withBody })
    try {
      return await transport({
        timeoutMs: UPLOAD_TIMEOUT_MS,
        ...call,
        headers: { ...call.headers, 'Content-Type': contentType },
      })
    } catch (error) {
      // The source knows best why its file cannot be had, and whether asking again may help.
      const reason = failure()
      if (reason instanceof BridgeError) throw reason
      if (!(error instanceof OutcomeUnknownError) || isComplete()) throw error
      throw new TransientError(
        `The upload to ${options.upstream} (account ${options.account}, ${call.operation}) broke ` +
          'off before its end, so nothing was stored.',
        { code: 'chatwoot.upload_broke_off', context: error.context, cause: error },
      )
    } finally {
      close()
    }
  }
}
