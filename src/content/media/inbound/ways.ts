import { PermanentError } from '../../../kernel/errors.ts'
import type { KeyId } from '../../../kernel/ids.ts'
import type { MediaRef } from '../../message/canonical.ts'
import type { DownloadFile } from '../download.ts'
import type { HostPolicy } from '../hosts.ts'
import type { MediaAccount } from '../media-account.ts'
import { decrypted, deriveKeys } from './decrypt.ts'
import { encryptedUrl, type MediaFields, mediaFieldsOf } from './media-fields.ts'

/** A file whose bytes are about to come, in plain. */
export type Source = {
  /** At most so many bytes will come, if the server said. */
  size: number | undefined
  body: AsyncIterable<Uint8Array>
  close(): void
}

export type Wanted = { keyId: KeyId; media: MediaRef }

/** One way to a file of a message. Throws when it is closed. */
export type Way = (account: MediaAccount, wanted: Wanted) => Promise<Source>

/** Where the gateway itself hands out files (docs/platforms/wasender.md#upload, #decrypting). */
const GATEWAY_HOSTS = ['www.wasenderapi.com', 'wasenderapi.com']
const WHATSAPP_HOSTS = ['*.whatsapp.net']

/** The origin of the configured gateway comes first, so that one behind a proxy, or a stand-in, works. */
function policyFor(account: MediaAccount, hosts: readonly string[]): HostPolicy {
  return { configured: [account.baseUrls.wasender], hosts }
}

/** Has the gateway decrypt the file and fetches it there, without the token. */
export function throughGateway(download: DownloadFile): Way {
  return async (account, { keyId, media }) => {
    const message = decryptRequest(media)
    const { publicUrl } = await account.wasender.media.decrypt({ keyId, node: media.node, message })
    return download(publicUrl, policyFor(account, GATEWAY_HOSTS))
  }
}

/** Fetches the encrypted file from WhatsApp and decrypts it here (docs/platforms/wasender.md#decrypting). */
export function fromWhatsapp(download: DownloadFile): Way {
  return async (account, { media }) => {
    const fields = mediaFieldsOf(media.raw)
    const url = encryptedUrl(fields)
    if (fields.mediaKey === undefined || url === undefined) throw notLocated(account)
    const keys = deriveKeys(fields.mediaKey, media.node)
    const { size, body, close } = await download(url, policyFor(account, WHATSAPP_HOSTS))
    return { size, body: decrypted(body, keys), close }
  }
}

/**
 * The node as the gateway wants it back: bytes as base64 however they came, the place spelled out,
 * and nothing it has no use for, such as the preview picture.
 */
function decryptRequest({ raw, mimetype, size }: MediaRef): Record<string, unknown> {
  const fields = mediaFieldsOf(raw)
  const base64 = (bytes: Buffer | undefined) => bytes?.toString('base64')
  return withoutUndefined({
    url: encryptedUrl(fields),
    directPath: fields.directPath,
    mimetype: fields.mimetype ?? mimetype,
    mediaKey: base64(fields.mediaKey),
    fileSha256: base64(fields.fileSha256),
    fileEncSha256: base64(fields.fileEncSha256),
    fileLength: size === undefined ? undefined : String(size),
    fileName: fields.fileName,
  } satisfies Partial<Record<keyof MediaFields | 'fileLength', unknown>>)
}

function withoutUndefined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function notLocated(account: MediaAccount): PermanentError {
  return new PermanentError('The message does not tell where its file is or how to read it.', {
    code: 'media.not_located',
    context: { account: account.id },
  })
}
