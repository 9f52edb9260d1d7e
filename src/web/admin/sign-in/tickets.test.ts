import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rememberEnded } from '../testing/fake-admin.ts'
import { createAdminSessions, SIGNED_IN_MS } from './admin-session.ts'

let now = 1_000_000
const clock = { now: () => now }
const token = 'the-token'
const adminSessions = createAdminSessions({ token, clock, ended: rememberEnded() })

describe('a ticket', () => {
  it('lasts for twelve hours', async () => {
    const value = adminSessions.issue()
    now += SIGNED_IN_MS - 1
    expect(await adminSessions.read(value)).toBeDefined()
    now += 1
    expect(await adminSessions.read(value)).toBeUndefined()
  })

  it('is over once it was ended, and no other with it', async () => {
    const [mine, other] = [adminSessions.issue(), adminSessions.issue()]
    await adminSessions.end((await adminSessions.read(mine))!)
    expect(await adminSessions.read(mine)).toBeUndefined()
    expect(await adminSessions.read(other)).toBeDefined()
  })

  it('is worth nothing under another admin token', async () => {
    const other = createAdminSessions({ token: 'another-token', clock, ended: rememberEnded() })
    expect(await other.read(adminSessions.issue())).toBeUndefined()
  })

  it('cannot be made or changed by hand', async () => {
    const value = adminSessions.issue()
    await fc.assert(
      fc.asyncProperty(
        fc.nat(value.length - 1),
        fc.string({ minLength: 1, maxLength: 1 }),
        async (at, c) => {
          fc.pre(value[at] !== c)
          expect(
            await adminSessions.read(value.slice(0, at) + c + value.slice(at + 1)),
          ).toBeUndefined()
        },
      ),
    )
    const [id, expiry, signature] = value.split('.')
    expect(await adminSessions.read(`${id}.${Number(expiry) + 1}.${signature}`)).toBeUndefined()
    for (const odd of [undefined, '', '.', '..', '...', 'a.b.c']) {
      expect(await adminSessions.read(odd)).toBeUndefined()
    }
  })

  it('has a form token that belongs to it alone and is not its signature', async () => {
    const value = adminSessions.issue()
    const mine = (await adminSessions.read(value))!
    const other = (await adminSessions.read(adminSessions.issue()))!
    expect(adminSessions.isFormToken(mine, adminSessions.formToken(mine))).toBe(true)
    expect(adminSessions.isFormToken(mine, adminSessions.formToken(other))).toBe(false)
    expect(adminSessions.isFormToken(mine, undefined)).toBe(false)
    expect(value).not.toContain(adminSessions.formToken(mine))
  })

  it('that was ended is over in every process, and after a restart', async () => {
    const ended = rememberEnded()
    const [one, other] = [
      createAdminSessions({ token, clock, ended }),
      createAdminSessions({ token, clock, ended }),
    ]
    const value = one.issue()
    expect(await other.read(value)).toBeDefined()
    await one.end((await one.read(value))!)
    expect(await other.read(value)).toBeUndefined()
    expect(await createAdminSessions({ token, clock, ended }).read(value)).toBeUndefined()
  })

  it('is taken while Redis is away only by who handed it out, and not once it was ended there', async () => {
    const ended = { has: async () => 'unknown' as const, add: async () => {} }
    const [one, other] = [
      createAdminSessions({ token, clock, ended }),
      createAdminSessions({ token, clock, ended }),
    ]
    const value = one.issue()
    const adminSession = await one.read(value)
    expect(adminSession).toBeDefined()
    expect(await other.read(value)).toBeUndefined()
    await one.end(adminSession!)
    expect(await one.read(value)).toBeUndefined()
  })
})
