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
