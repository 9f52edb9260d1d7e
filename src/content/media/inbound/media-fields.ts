import { z } from 'zod'

/** Keys and hashes have 32 bytes; anything far longer is not one. */
const MAX_BYTES = 1024

const list = z.array(z.int().min(0).max(255)).max(MAX_BYTES)

const base64 = z
  .string()
  .max(MAX_BYTES * 2)
  .regex(/^[A-Za-z0-9+/_-]+={0,2}$/)
  .transform((text) => Buffer.from(text, 'base64'))

const buffer = z
  .looseObject({ type: z.literal('Buffer'), data: z.union([list, base64]) })
  .transform(({ data }) => Buffer.from(data))

/** `{"0": 1, "1": 2, …}`: what becomes of a Uint8Array in JSON. */
const indexed = z
  .record(z.string().regex(/^\d+$/), z.int().min(0).max(255))
  .transform((bytes) => Object.entries(bytes).sort(([a], [b]) => Number(a) - Number(b)))
  .refine((entries) => entries.length <= MAX_BYTES)
  .refine((entries) => entries.every(([index], position) => Number(index) === position))
  .transform((entries) => Buffer.from(entries.map(([, byte]) => byte)))

/**
 * A short field of bytes: base64 (also URL-safe), a Buffer as JSON with numbers or base64 inside, a list of numbers, or
 * an object of indexes (docs/platforms/wasender.md#decrypting).
 */
export const byteField = z.union([
  base64,
  buffer,
  list.transform((bytes) => Buffer.from(bytes)),
  indexed,
])

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
