import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccountId } from '../kernel/ids.ts'
import type { Who } from '../platforms/wasender/jid.ts'
import { createFileStore } from '../state/store/file-store.ts'
import { storeKey } from '../state/store/keys.ts'
import type { Store } from '../state/store/types.ts'
import { createPeople, type People } from './people.ts'

const SALES = 'sales' as AccountId
const phone = (digits: string): Who => ({ address: { kind: 'phone', digits }, phone: digits })
const lid = (id: string): Who => ({ address: { kind: 'lid', id }, lid: id })
const both = (digits: string, id: string): Who => ({ ...lid(id), phone: digits })

let dir: string
let store: Store
let people: People

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'people-'))
  store = await createFileStore({ dir })
  people = createPeople({ store, clock: { now: () => 1 }, own: undefined })
})
afterEach(async () => {
  await store.close()
  await rm(dir, { recursive: true, force: true })
})

describe('people', () => {
  it('knows a person by the number and by the LID once both were seen together', async () => {
    const chat = await people.resolve(SALES, both('15550001111', '189975000000001'))
    expect(chat).toBe('pn:15550001111')
    expect(await people.find(SALES, lid('189975000000001'))).toBe(chat)
    expect(await people.find(SALES, phone('15550001111'))).toBe(chat)
  })

  it('keeps the chat of someone who first wrote from a LID when the number turns up', async () => {
    const chat = await people.resolve(SALES, lid('189975000000001'))
    expect(await people.resolve(SALES, both('15550001111', '189975000000001'))).toBe(chat)
    expect(await people.resolve(SALES, phone('15550001111'))).toBe(chat)
  })

  it('joins two chats that turn out to be one person', async () => {
    await people.resolve(SALES, lid('189975000000001'))
    const byPhone = await people.resolve(SALES, phone('15550001111'))
    await people.resolve(SALES, both('15550001111', '189975000000001'))
    expect(await people.find(SALES, lid('189975000000001'))).toBe(byPhone)
  })

  it('never takes a LID for a number, nor one account for another', async () => {
    const digits = '15550001111'
    await people.resolve(SALES, phone(digits))
    expect(await people.find(SALES, lid(digits))).toBeUndefined()
    expect(await people.find('support' as AccountId, phone(digits))).toBeUndefined()
  })

  it.each([
    ['Brazil', '5511987654321', '551187654321'],
    ['Mexico', '5215512345678', '525512345678'],
    ['Argentina', '5491123456789', '541123456789'],
  ])('takes both spellings of a number for one person: %s', async (_, long, short) => {
    const chat = await people.resolve(SALES, phone(long))
    expect(chat).toBe(`pn:${long}`)
    expect(await people.find(SALES, phone(short))).toBe(chat)
    expect(await people.resolve(SALES, both(short, '189975000000001'))).toBe(chat)
    expect(await people.find(SALES, lid('189975000000001'))).toBe(chat)
  })

  it('writes down only the spellings that were seen', async () => {
    await people.resolve(SALES, phone('5511987654321'))
    expect(await store.aliases.count()).toBe(1)
  })

  it('keeps what else is known of an address when it moves to another chat', async () => {
    const key = storeKey.alias(SALES, 'lid:189975000000001')
    await people.resolve(SALES, lid('189975000000001'))
    await store.aliases.update(key, (alias) => alias && { ...alias, ownName: 'Maria' })
    await people.resolve(SALES, phone('15550001111'))
    await people.resolve(SALES, both('15550001111', '189975000000001'))
    expect(await store.aliases.get(key)).toMatchObject({
      chat: 'pn:15550001111',
      ownName: 'Maria',
    })
  })

  it('gives groups and channels a chat each', async () => {
    const group: Who = { address: { kind: 'group', id: '120363000000000001' } }
    expect(await people.resolve(SALES, group)).toBe('group:120363000000000001')
  })

  it('leads all addresses seen together to one chat, in any order of learning', async () => {
    const sighting = fc.record({
      person: fc.nat(5),
      has: fc.constantFrom<'phone' | 'lid' | 'both'>('phone', 'lid', 'both'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(sighting, { maxLength: 25 }), fc.uuid(), async (all, name) => {
        const account = name as AccountId
        const see = ({ person, has }: { person: number; has: 'phone' | 'lid' | 'both' }) => {
          const [digits, id] = [`1555000000${person}`, `18997500000000${person}`]
          return { phone: phone(digits), lid: lid(id), both: both(digits, id) }[has]
        }
        for (const item of all) await people.resolve(account, see(item))
        for (const { person } of all.filter((item) => item.has === 'both')) {
          const byPhone = await people.find(account, see({ person, has: 'phone' }))
          expect(await people.find(account, see({ person, has: 'lid' }))).toBe(byPhone)
        }
        const chats = await Promise.all(
          [0, 1, 2, 3, 4, 5].map((person) => people.find(account, see({ person, has: 'phone' }))),
        )
        const known = chats.filter((chat) => chat !== undefined)
        expect(new Set(known).size).toBe(known.length)
      }),
      { numRuns: 40 },
    )
  })
})
