import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTickets, SIGNED_IN_MS } from './tickets.ts'

let now = 1_000_000
const clock = { now: () => now }
const tickets = createTickets({ token: 'the-token', clock })

describe('a ticket', () => {
  it('lasts for twelve hours', () => {
    const value = tickets.issue()
    now += SIGNED_IN_MS - 1
    expect(tickets.read(value)).toBeDefined()
    now += 1
    expect(tickets.read(value)).toBeUndefined()
  })

  it('is over once it was ended, and no other with it', () => {
    const [mine, other] = [tickets.issue(), tickets.issue()]
    tickets.end(tickets.read(mine)!)
    expect(tickets.read(mine)).toBeUndefined()
    expect(tickets.read(other)).toBeDefined()
  })

  it('is worth nothing under another admin token', () => {
    const other = createTickets({ token: 'another-token', clock })
    expect(other.read(tickets.issue())).toBeUndefined()
  })

  it('cannot be made or changed by hand', () => {
    const value = tickets.issue()
    fc.assert(
      fc.property(fc.nat(value.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, c) => {
        fc.pre(value[at] !== c)
        expect(tickets.read(value.slice(0, at) + c + value.slice(at + 1))).toBeUndefined()
      }),
    )
    const [id, expiry, signature] = value.split('.')
    expect(tickets.read(`${id}.${Number(expiry) + 1}.${signature}`)).toBeUndefined()
    for (const odd of [undefined, '', '.', '..', '...', 'a.b.c']) {
      expect(tickets.read(odd)).toBeUndefined()
    }
  })

  it('has a form token that belongs to it alone and is not its signature', () => {
    const value = tickets.issue()
    const mine = tickets.read(value)!
    const other = tickets.read(tickets.issue())!
    expect(tickets.isFormToken(mine, tickets.formToken(mine))).toBe(true)
    expect(tickets.isFormToken(mine, tickets.formToken(other))).toBe(false)
    expect(tickets.isFormToken(mine, undefined)).toBe(false)
    expect(value).not.toContain(tickets.formToken(mine))
  })
})
