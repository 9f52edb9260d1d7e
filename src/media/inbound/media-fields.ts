import { z } from 'zod'
import { byteField } from './bytes.ts'

const maybe = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined)
const text = z.string().min(1)

/**
 * What a media node says about its file. Every field may be missing or odd; which of them are
 * needed depends on the way the file is fetched.
 */
const schema = z.looseObject({
  url: maybe(text),
  directPath: maybe(text),
  /** As it came, parameters and all: `audio/ogg; codecs=opus`. */
  mimetype: maybe(text),
  fileName: maybe(text),
  mediaKey: maybe(byteField.refine(({ length }) => length === 32)),
  // A hash of another length is some other spelling; it must not condemn a good file.
  fileSha256: maybe(byteField.refine(({ length }) => length === 32)),
  fileEncSha256: maybe(byteField.refine(({ length }) => length === 32)),
})

export type MediaFields = z.output<typeof schema>

/** Reads the content of a media node; never throws. */
export function mediaFieldsOf(raw: Readonly<Record<string, unknown>>): MediaFields {
  return schema.parse(raw)
}

/** WhatsApp's server for paths that come without a host. */
const CDN = 'https://mmg.whatsapp.net'

/**
 * Where the encrypted file is. Some messages carry a placeholder as `url` and the real place as
 * `directPath`.
 */
export function encryptedUrl({ url, directPath }: MediaFields): string | undefined {
  const isPlace = url !== undefined && URL.parse(url) !== null && !PLACEHOLDER.test(url)
  if (isPlace) return url
  return directPath?.startsWith('/') ? `${CDN}${directPath}` : undefined
}

const PLACEHOLDER = /^https:\/\/web\.whatsapp\.net\/?$/
