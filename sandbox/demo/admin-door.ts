import { Hono } from 'hono'
import type { DemoWorld } from './world.ts'

/**
 * `GET /admin…` leads to the same page of the bridge, signed in: the token stays here, the browser only gets the cookie.
 * Cookies know no ports, so one of the demo's own host counts for the bridge as well.
 */
export function adminDoor(world: Pick<DemoWorld, 'bridge' | 'adminToken'>): Hono {
  return new Hono().get('/admin/*', async (c) => {
    const { hostname, pathname } = new URL(c.req.url)
    const page = new URL(world.bridge.url)
    page.hostname = hostname
    page.pathname = pathname
    c.header('set-cookie', await signIn(world))
    return c.redirect(page.href, 303)
  })
}

/** Does what somebody does who types the token; resolves with the cookie. */
async function signIn({ bridge, adminToken }: Pick<DemoWorld, 'bridge' | 'adminToken'>) {
  const answer = await fetch(`${bridge.url}/admin/sign-in`, {
    method: 'POST',
    headers: { origin: bridge.url },
    body: new URLSearchParams({ token: adminToken }),
    redirect: 'manual',
  })
  const cookie = answer.headers.get('set-cookie')
  if (cookie === null) {
    throw new Error(`The bridge answered the demo's sign-in with ${answer.status} and no cookie`)
  }
  return cookie
}
