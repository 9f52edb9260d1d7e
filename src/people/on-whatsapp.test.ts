import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TransientError } from '../kernel/errors.ts'
import { findOnWhatsapp } from './people.ts'
import { startPlatforms, type TestPlatforms } from './testing.ts'

const LONG = '5511987654321'
const SHORT = '551187654321'

let world: TestPlatforms
beforeEach(async () => {
  world = await startPlatforms({ wasender: { unknownNumbers: 'missing' } })
})
afterEach(() => world.close())

const find = (digits: string) => findOnWhatsapp(world.account, digits)
const asked = () => world.wasender.callsTo(/on-whatsapp/).map(({ path }) => path.split('/').at(-1))

describe('findOnWhatsapp', () => {
  it.each([
    ['as it was given', LONG, LONG],
    ['without the nine', SHORT, LONG],
    ['with the nine', LONG, SHORT],
  ])('finds a number %s', async (_, registered, given) => {
    world.wasender.person({ phone: `+${registered}` })
    expect(await find(given)).toBe(registered)
  })

  it('asks no further than the first spelling that exists', async () => {
    world.wasender.person({ phone: `+${LONG}` })
    await find(LONG)
    expect(asked()).toEqual([LONG])
  })

  it('is sure of a no only when every spelling gets it', async () => {
    expect(await find(LONG)).toBeUndefined()
    expect(asked()).toEqual([LONG, SHORT])
    expect(await find('15550001111')).toBeUndefined()
  })

  it('takes the number as it was given when a spelling cannot be looked up', async () => {
    const refusal = { success: false, message: 'Upgrade your plan.' }
    world.wasender.faults.add({ kind: 'answer', path: SHORT, status: 403, body: refusal })
    expect(await find(LONG)).toBe(LONG)
  })

  it('leaves an outage to a later attempt', async () => {
    world.wasender.faults.add({ kind: 'html', path: 'on-whatsapp', times: 1 })
    await expect(find(LONG)).rejects.toBeInstanceOf(TransientError)
  })
})
