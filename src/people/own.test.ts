import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Address, Who } from '../platforms/wasender/jid.ts'
import { createOwnIdentity, matches, type OwnIdentity } from './own.ts'
import { startPlatforms, type TestPlatforms } from './testing.ts'

let world: TestPlatforms
let own: OwnIdentity
let now: number
beforeEach(async () => {
  now = 1_000_000
  world = await startPlatforms({
    wasender: { sessions: [{ phoneNumber: '+5511987654321', name: 'My Business' }] },
  })
  own = createOwnIdentity({ clock: { now: () => now } })
})
afterEach(() => world.close())

const phone = (digits: string): Address => ({ kind: 'phone', digits })
const lid = (id: string): Address => ({ kind: 'lid', id })
const asked = () => world.wasender.countOf('/api/user')

describe('who we are', () => {
  it('is told by the gateway, device numbers dropped, and asked once', async () => {
    const ourLid = world.wasender.session().lid
    const all = await Promise.all([own.of(world.account), own.of(world.account)])
    expect(all[0]).toEqual({ phone: '5511987654321', lid: ourLid, name: 'My Business' })
    await own.of(world.account)
    expect(asked()).toBe(1)
  })

  it('counts for the number in both spellings and the LID, never across kinds', async () => {
    const ourLid = world.wasender.session().lid
    expect(await own.isUs(world.account, phone('5511987654321'))).toBe(true)
    expect(await own.isUs(world.account, phone('551187654321'))).toBe(true)
    expect(await own.isUs(world.account, lid(ourLid))).toBe(true)
    expect(await own.isUs(world.account, phone('15550001111'))).toBe(false)
    expect(await own.isUs(world.account, lid('5511987654321'))).toBe(false)
    expect(await own.isUs(world.account, { kind: 'group', id: ourLid })).toBe(false)
  })

  it('recognises the chat with ourselves by its own address alone', async () => {
    const ourLid = world.wasender.session().lid
    const chats = [
      { address: phone('5511987654321'), phone: '5511987654321' },
      { address: phone('551187654321'), phone: '551187654321' },
      { address: lid(ourLid), lid: ourLid },
    ]
    for (const who of chats) expect(await own.isOwnChat(world.account, who)).toBe(true)
    const others = [
      { address: lid('1'), lid: '1', phone: '15550001111' },
      { address: lid('1'), lid: '1', phone: '551187654321' },
      { address: phone('15550001111'), phone: '15550001111', lid: ourLid },
    ]
    for (const who of others) expect(await own.isOwnChat(world.account, who)).toBe(false)
  })

  it('leaves nobody else an address of ours, in any spelling and under either name', async () => {
    const ourLid = world.wasender.session().lid
    const { id } = world.account
    const customer: Who = { address: lid('1'), lid: '1', phone: '5511987654321' }
    expect(own.without(id, customer)).toEqual(customer)
    await own.of(world.account)
    const spellings = ['5511987654321', '551187654321', ourLid]
    for (const ours of spellings) {
      const who = { address: lid('1'), lid: '1', phone: ours }
      expect(own.without(id, who)).toEqual({ address: lid('1'), lid: '1' })
    }
    for (const ours of [ourLid, '5511987654321']) {
      const who = { address: phone('15550001111'), phone: '15550001111', lid: ours }
      expect(own.without(id, who)).toEqual({ address: who.address, phone: '15550001111' })
    }
    const us = { address: lid(ourLid), lid: ourLid, phone: '551187654321' }
    expect(own.without(id, us)).toEqual(us)
    expect(own.without(id, { ...us, phone: '15550001111' })).toEqual({
      address: us.address,
      lid: ourLid,
    })
    const group = { address: { kind: 'group', id: '1203' } } as const
    expect(own.without(id, group)).toEqual(group)
  })

  it('is certain of others only while it knows us by the same kind of address', async () => {
    const isOther = (address: Address) => own.isSomebodyElses(world.account, address)
    world.wasender.faults.add({ kind: 'html', path: '/user', times: 1 })
    expect(await isOther(phone('15550001111'))).toBe(false)
    now += 60_000
    expect(await isOther(phone('15550001111'))).toBe(true)
    expect(await isOther(phone('551187654321'))).toBe(false)
    expect(await isOther(lid('1'))).toBe(true)
    own.forget(world.account.id)
    world.wasender.faults.add({ kind: 'html', path: '/user', times: 1 })
    expect(await isOther(phone('15550001111'))).toBe(false)
    now += 60_000
    const { session } = world.account.wasender
    const withoutLid = { ...(await session.user()), lid: undefined }
    vi.spyOn(session, 'user').mockResolvedValueOnce(withoutLid)
    own.forget(world.account.id)
    expect(await isOther(lid('1'))).toBe(false)
    expect(await isOther(phone('15550001111'))).toBe(true)
  })

  it('is asked anew after the session connected again, and kept when that fails', async () => {
    await own.of(world.account)
    own.forget(world.account.id)
    world.wasender.faults.add({ kind: 'html', path: '/user', times: 1 })
    expect(await own.isUs(world.account, phone('5511987654321'))).toBe(true)
    expect(asked()).toBe(2)
    now += 60_000
    await own.of(world.account)
    await own.of(world.account)
    expect(asked()).toBe(3)
  })

  it('is nobody while the gateway cannot tell, without asking for every message', async () => {
    world.wasender.faults.add({ kind: 'html', path: '/user', times: 1 })
    expect(await own.of(world.account)).toEqual({})
    expect(await own.isUs(world.account, phone('5511987654321'))).toBe(false)
    expect(asked()).toBe(1)
    now += 60_000
    expect(await own.isUs(world.account, phone('5511987654321'))).toBe(true)
  })

  it('matches nobody without addresses of our own', () => {
    expect(matches({}, phone('15550001111'))).toBe(false)
    expect(matches({}, lid('1'))).toBe(false)
  })
})
