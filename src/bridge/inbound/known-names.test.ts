import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import type { AccountId } from '../../kernel/ids.ts'
import { createPeople, type People } from '../../people/people.ts'
import type { Who } from '../../platforms/wasender/jid.ts'
import { createFileStore } from '../../state/store/file-store.ts'
import type { Store } from '../../state/store/types.ts'
import { createKnownNames, type KnownNames, type NameNews } from './known-names.ts'

const SALES = { id: 'sales' as AccountId } as Account
const SUPPORT = { id: 'support' as AccountId } as Account
const NUMBER: Who = { address: { kind: 'phone', digits: '15550001111' }, phone: '15550001111' }
const LID: Who = { address: { kind: 'lid', id: '189975000000001' }, lid: '189975000000001' }
const BOTH: Who = { ...LID, phone: '15550001111' }
const clock = { now: () => 1 }

let dir: string
let store: Store
let people: People
let names: KnownNames

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'names-'))
  store = await createFileStore({ dir })
  people = createPeople({ store, clock, own: undefined })
  names = createKnownNames({ store, clock })
})
afterEach(async () => {
  await store.close()
  await rm(dir, { recursive: true, force: true })
})

async function learn(who: Who, news: NameNews) {
  await names.learn(SALES, await people.resolve(SALES.id, who), who, news)
}

describe('known names', () => {
  it('are found under every address of a person, and in one account only', async () => {
    await people.resolve(SALES.id, BOTH)
    await learn(NUMBER, { own: 'Maria' })
    for (const who of [NUMBER, LID, BOTH]) expect(await names.find(SALES, who)).toBe('Maria')
    expect(await names.find(SUPPORT, NUMBER)).toBeUndefined()
  })

  it('prefer the address book, whichever address it was told for and whatever comes later', async () => {
    await people.resolve(SALES.id, BOTH)
    await learn(NUMBER, { saved: 'Maria Lopez' })
    await learn(LID, { own: 'mary' })
    for (const who of [NUMBER, LID, BOTH]) expect(await names.find(SALES, who)).toBe('Maria Lopez')
    await learn(NUMBER, { saved: 'Maria Lopez-Diaz' })
    expect(await names.find(SALES, LID)).toBe('Maria Lopez-Diaz')
  })

  it('outlive what is learned about addresses, and keep addresses as they were', async () => {
    await learn(LID, { own: 'Maria' })
    await people.resolve(SALES.id, BOTH)
    expect(await names.find(SALES, LID)).toBe('Maria')
    expect(await people.find(SALES.id, NUMBER)).toBe(await people.find(SALES.id, LID))
  })

  it.each(['.', '', ' ', '~'])('are not taken from %j, which says nothing', async (name) => {
    await learn(NUMBER, { own: 'Maria' })
    await learn(NUMBER, { own: name, saved: name })
    expect(await names.find(SALES, NUMBER)).toBe('Maria')
  })

  it('fit into Chatwoot', async () => {
    await learn(NUMBER, { own: 'M'.repeat(1000) })
    expect(await names.find(SALES, NUMBER)).toHaveLength(255)
  })
})
