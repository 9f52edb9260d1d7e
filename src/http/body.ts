import type { Context } from 'hono'

const MAX_BODY_BYTES = 5 * 1024 * 1024

/**
 * How much of a body that is too large is read and thrown away. A sender that is still writing would not see the
 * answer otherwise, only a broken connection.
 */
const MAX_DRAIN_BYTES = 32 * 1024 * 1024

/**
 * The raw bytes of a request, because signatures are made over them and not over re-serialised JSON; `undefined` when
 * they are more than 5 MB, announced or not.
 */
export async function readBody(c: Context): Promise<Uint8Array | undefined> {
  const { body } = c.req.raw
  if (body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body as ReadableStream<Uint8Array>) {
    size += chunk.byteLength
    if (size > MAX_DRAIN_BYTES) break
    if (size <= MAX_BODY_BYTES) chunks.push(chunk)
    else chunks.length = 0
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks)
}

/** The JSON in a body, or `undefined` when it is none. */
export function jsonIn(bytes: Uint8Array): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) }
  } catch {
    return undefined
  }
}
