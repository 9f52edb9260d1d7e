import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'

const MAX_BODY_BYTES = 5 * 1024 * 1024

/** Bodies over 5 MB are refused, whether or not they announce their size. */
export const limitBody = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: (c) => c.json({ error: 'The body is larger than 5 MB.' }, 413),
})

/** The raw bytes: signatures are made over them, not over re-serialised JSON. */
export async function rawBody(c: Context): Promise<Uint8Array> {
  return new Uint8Array(await c.req.arrayBuffer())
}

/** The JSON in a body, or `undefined` when it is none. */
export function jsonIn(bytes: Uint8Array): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) }
  } catch {
    return undefined
  }
}
