import type { Context } from 'hono'

/**
 * Whether a request comes from one of our own pages: served as the proxy in front calls us, or as we were asked.
 * A browser sends `Sec-Fetch-Site` or `Origin` along with every change.
 */
export type IsOwnOrigin = (c: Context) => boolean

export function createIsOwnOrigin(publicUrl: string): IsOwnOrigin {
  const publicOrigin = new URL(publicUrl).origin
  return (c) => {
    const site = c.req.header('Sec-Fetch-Site')
    if (site !== undefined) return site === 'same-origin'
    const origin = c.req.header('Origin')
    return origin === publicOrigin || origin === new URL(c.req.url).origin
  }
}
