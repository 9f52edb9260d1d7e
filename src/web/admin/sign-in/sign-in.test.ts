import { describe, expect, it, vi } from 'vitest'
import { browser, fakeAdmin, TOKEN } from '../testing/fake-admin.ts'

const OTHER_SITE = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example.com' }

describe('signing in', () => {
  it('hands out a cookie that scripts, other sites and plain http never get', async () => {
    const { signIn } = browser(fakeAdmin().app)
    const answer = await signIn()
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/admin'])
    const cookie = answer.headers.get('Set-Cookie')
    for (const part of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/admin', 'Max-Age=43200']) {
      expect(cookie).toContain(part)
    }
    expect(cookie).not.toContain(TOKEN)
  })

  it('works without https where the bridge is reached without', async () => {
    const { signIn } = browser(fakeAdmin({ publicUrl: 'http://127.0.0.1:3000' }).app)
    expect((await signIn()).headers.get('Set-Cookie')).not.toContain('Secure')
  })

  it.each(['', 'nope', `${TOKEN}x`, TOKEN.slice(1)])('refuses %j', async (token) => {
    const { signIn } = browser(fakeAdmin().app)
    const answer = await signIn(token)
    expect([answer.status, answer.headers.get('Set-Cookie')]).toEqual([401, null])
    expect(await answer.text()).toContain('That is not the admin token.')
  })

  it('makes guessers wait, but lets the right token in at any time', async () => {
    const onRefused = vi.fn()
    const { signIn } = browser(fakeAdmin({ onRefused }).app)
    for (let each = 0; each < 10; each += 1) expect((await signIn('guess')).status).toBe(401)
    const answer = await signIn('guess')
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([429, '60'])
    expect(await answer.text()).toContain('Try again in 60 seconds.')
    expect(onRefused).toHaveBeenCalledTimes(11)
    expect((await signIn()).status).toBe(303)
    expect(onRefused).toHaveBeenCalledTimes(11)
  })

  it.each([
    ['/admin/failures?account=sales', '/admin/failures?account=sales'],
    ['https://evil.example.com', '/admin'],
    ['//evil.example.com', '/admin'],
    ['/administrator', '/admin'],
    ['/admin\\@evil.example.com', '/admin'],
  ])('leads from %s to %s', async (next, place) => {
    const { post } = browser(fakeAdmin().app)
    const answer = await post('/sign-in', { token: TOKEN, next })
    expect(answer.headers.get('Location')).toBe(place)
  })

  it('does not take the form of another site', async () => {
    const { post } = browser(fakeAdmin().app)
    expect((await post('/sign-in', { token: TOKEN }, OTHER_SITE)).status).toBe(403)
  })
})

describe('what is too large', () => {
  const large = { method: 'POST', body: 'x'.repeat(65 * 1024) }

  it.each(['/sign-in', '/failures/retry', '/api/sessions', '/queues/api'])(
    'is refused at %s, whoever sends it',
    async (path) => {
      const { ask, signIn } = browser(fakeAdmin().app)
      expect((await ask(path, large)).status).toBe(413)
      await signIn()
      expect((await ask(path, large)).status).toBe(413)
    },
  )

  it('is refused as well when its length is not told', async () => {
    const { ask } = browser(fakeAdmin().app)
    const body = new Blob([large.body]).stream()
    const answer = await ask('/sign-in', { method: 'POST', body, duplex: 'half' } as RequestInit)
    expect(answer.status).toBe(413)
  })
})

describe('a page', () => {
  it.each(['/', '/accounts/sales', '/failures', '/messages', '/queues', '/nothing'])(
    'at %s is for those who are signed in',
    async (path) => {
      const { ask, signIn } = browser(fakeAdmin().app)
      const answer = await ask(path)
      expect(answer.headers.get('Location')).toMatch(/^\/admin\/sign-in\?next=/)
      await signIn()
      expect((await ask(path)).headers.get('Location')).toBeNull()
    },
  )

  it.each(['/', '/sign-in', '/queues'])(
    'at %s is kept by nobody and runs no foreign code',
    async (path) => {
      const { ask, signIn } = browser(fakeAdmin().app)
      if (path !== '/sign-in') await signIn()
      const { headers } = await ask(path)
      expect(headers.get('Cache-Control')).toBe('no-store')
      const policy = headers.get('Content-Security-Policy')
      expect(policy).toContain("default-src 'none'; script-src 'self'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe-inline')
    },
  )

  it('is not there any more after signing out, not even for a copy of the cookie', async () => {
    const { ask, post, signIn, formToken, cookie } = browser(fakeAdmin().app)
    await signIn()
    const copy = cookie()
    const answer = await post('/sign-out', { csrf: await formToken() })
    expect(answer.headers.get('Location')).toBe('/admin/sign-in')
    const again = await ask('/', { headers: { Cookie: copy } })
    expect(again.headers.get('Location')).toContain('/admin/sign-in')
  })
})

describe('a change', () => {
  const setUp = async () => {
    const retry = vi.fn(async () => true)
    const retryFailures = { retry, retryAll: async () => 0, discard: async () => true }
    const user = browser(fakeAdmin({ retryFailures }).app)
    await user.signIn()
    return { ...user, retry, csrf: await user.formToken() }
  }
  const own = { Origin: 'https://bridge.example.com' }

  it('is made by a form of ours', async () => {
    const { post, csrf, retry, text } = await setUp()
    const answer = await post('/failures/sales.1.1/retry', { csrf, back: '/admin/accounts/sales' })
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/admin/accounts/sales'])
    expect(retry).toHaveBeenCalledExactlyOnceWith('sales.1.1')
    expect(await text('/')).toContain('It is tried again.')
    expect(await text('/')).not.toContain('It is tried again.')
  })

  it.each<[string, (csrf: string) => [Record<string, string>, Record<string, string>]]>([
    ['without its token', () => [{}, own]],
    ['with a made-up token', (csrf) => [{ csrf: `${csrf.slice(1)}x` }, own]],
    ['from another site', (csrf) => [{ csrf }, OTHER_SITE]],
    ['from nowhere', (csrf) => [{ csrf }, { 'Sec-Fetch-Site': 'none' }]],
  ])('is refused %s', async (_, given) => {
    const { post, csrf, retry } = await setUp()
    const [fields, headers] = given(csrf)
    expect((await post('/failures/sales.1.1/retry', fields, headers)).status).toBe(403)
    expect(retry).not.toHaveBeenCalled()
  })

  it('through the API needs the token in a header when it comes with the cookie', async () => {
    const { ask, csrf } = await setUp()
    const change = (headers: Record<string, string>) =>
      ask('/api/failures/retry', { method: 'POST', headers })
    expect((await ask('/api/failures')).status).toBe(200)
    expect((await change({})).status).toBe(403)
    expect((await change({ ...OTHER_SITE, 'X-CSRF-Token': csrf })).status).toBe(403)
    expect((await change({ 'X-CSRF-Token': csrf })).status).toBe(200)
    expect((await change({ Authorization: 'Bearer nope', 'X-CSRF-Token': csrf })).status).toBe(401)
  })

  it('leads back only to our own pages', async () => {
    const { post, csrf } = await setUp()
    const answer = await post('/failures/sales.1.1/retry', {
      csrf,
      back: 'https://evil.example.com',
    })
    expect(answer.headers.get('Location')).toBe('/admin/failures')
  })
})
