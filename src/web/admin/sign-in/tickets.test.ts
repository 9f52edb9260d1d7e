import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rememberEnded } from '../testing/fake-admin.ts'
import { createTickets, SIGNED_IN_MS } from './admin-session.ts'

let now = 1_000_000
const clock = { now: () => now }
const token = 'the-token'
const tickets = createTickets({ token, clock, ended: rememberEnded() })

describe('a ticket', () => {
  it('lasts for twelve hours', async () => {
    const value = tickets.issue()
    now += SIGNED_IN_MS - 1
    expect(await tickets.read(value)).toBeDefined()
    now += 1
    expect(await tickets.read(value)).toBeUndefined()
  })

  it('is over once it was ended, and no other with it', async () => {
    const [mine, other] = [tickets.issue(), tickets.issue()]
    await tickets.end((await tickets.read(mine))!)
    expect(await tickets.read(mine)).toBeUndefined()
    expect(await tickets.read(other)).toBeDefined()
  })

  it('is worth nothing under another admin token', async () => {
    const other = createTickets({ token: 'another-token', clock, ended: rememberEnded() })
    expect(await other.read(tickets.issue())).toBeUndefined()
  })

  it('cannot be made or changed by hand', async () => {
    const value = tickets.issue()
    await fc.assert(
      fc.asyncProperty(
        fc.nat(value.length - 1),
        fc.string({ minLength: 1, maxLength: 1 }),
        async (at, c) => {
          fc.pre(value[at] !== c)
          expect(await tickets.read(value.slice(0, at) + c + value.slice(at + 1))).toBeUndefined()
        },
      ),
    )
    const [id, expiry, signature] = value.split('.')
    expect(await tickets.read(`${id}.${Number(expiry) + 1}.${signature}`)).toBeUndefined()
    for (const odd of [undefined, '', '.', '..', '...', 'a.b.c']) {
      expect(await tickets.read(odd)).toBeUndefined()
    }
  })

  it('has a form token that belongs to it alone and is not its signature', async () => {
    const value = tickets.issue()
    const mine = (await tickets.read(value))!
    const other = (await tickets.read(tickets.issue()))!
    expect(tickets.isFormToken(mine, tickets.formToken(mine))).toBe(true)
    expect(tickets.isFormToken(mine, tickets.formToken(other))).toBe(false)
    expect(tickets.isFormToken(mine, undefined)).toBe(false)
    expect(value).not.toContain(tickets.formToken(mine))
  })

  it('that was ended is over in every process, and after a restart', async () => {
    const ended = rememberEnded()
    const [one, other] = [
      createTickets({ token, clock, ended }),
      createTickets({ token, clock, ended }),
    ]
    const value = one.issue()
    expect(await other.read(value)).toBeDefined()
    await one.end((await one.read(value))!)
    expect(await other.read(value)).toBeUndefined()
    expect(await createTickets({ token, clock, ended }).read(value)).toBeUndefined()
  })

  it('is taken while Redis is away only by who handed it out, and not once it was ended there', async () => {
    const ended = { has: async () => 'unknown' as const, add: async () => {} }
    const [one, other] = [
      createTickets({ token, clock, ended }),
      createTickets({ token, clock, ended }),
    ]
    const value = one.issue()
    const ticket = await one.read(value)
    expect(ticket).toBeDefined()
    expect(await other.read(value)).toBeUndefined()
    await one.end(ticket!)
    expect(await one.read(value)).toBeUndefined()
  })
})
