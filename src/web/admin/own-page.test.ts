import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ownPage } from './read-query.ts'

describe('where a form leads', () => {
  it.each([
    '/admin',
    '/admin/',
    '/admin?x=1',
    '/admin/failures?account=sales&cursor=9',
    '/admin/messages?phone=%2B12025550143',
    '/admin/accounts/sales-2',
  ])('may be %s', (page) => {
    expect(ownPage(page, '/admin/failures')).toBe(page)
  })

  it.each([
    ...['//evil.example', '/\\evil.example', '/admin//../..//evil.example', '\\/\\/evil.example'],
    ...['https://evil.example', 'https:evil.example', 'javascript:alert(1)', 'evil.example'],
    ...['/admin\r\nSet-Cookie: a=b', '/admin/failures\r\nX: y', '/admin/failures\n', '/admin\t'],
    ...['/admin/accounts\u0000', '/admin/\u2028', '/admin/\u202e', '/admin/é', '/administrator'],
    ...[
      '/admin/../secret',
      '/admin/%2e%2e/secret',
      '/admin/.%2E/x',
      '/admin/failures/../../x',
      ' /admin',
    ],
    ...['/admin\\@evil.example', '/admin#x', '', undefined, null, 7, {}, ['/admin']],
  ])('may not be %j', (page) => {
    expect(ownPage(page, '/admin/failures')).toBe('/admin/failures')
  })

  it('is a header of one line, on our own site, whatever is asked for', () => {
    const tail = fc.array(
      fc.constantFrom('/', '\\', '.', '..', '%2e', '@', ':', '\r\n', 'evil.example', '?'),
    )
    fc.assert(
      fc.property(tail, (parts) => {
        const page = ownPage(`/admin${parts.join('')}`, '/admin')
        const url = new URL(page, 'https://bridge.example')
        expect([url.origin, url.pathname.startsWith('/admin')]).toEqual([
          'https://bridge.example',
          true,
        ])
        expect(() => new Headers({ Location: page })).not.toThrow()
      }),
    )
  })
})
