import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'

/** Forms hold a token and a few words, changes through the API a few settings. */
const MOST_BYTES = 64 * 1024

/** Refuses what is larger than anything an admin sends. */
export const limitBodies: MiddlewareHandler = bodyLimit({
  maxSize: MOST_BYTES,
  onError: (c) => c.json({ error: 'The body is larger than 64 KB.' }, 413, { Connection: 'close' }),
})
