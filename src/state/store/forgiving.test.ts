import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { AccountId } from '../../kernel/ids.ts'
import { createPeople } from '../../people/people.ts'
import { createFileStore } from './file-store.ts'
import { unlessFull } from './forgiving.ts'
import type { Store } from './types.ts'

const SALES = 'sales' as AccountId
const WHO = { address: { kind: 'phone', digits: '12025550101' }, phone: '12025550101' } as const
let dir: string
let store: Store

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'full-'))
  store = await createFileStore({ dir })
})
afterEach(async () => {
  await store.close().catch(() => {})
  await rm(dir, { recursive: true, force: true })
})

/** A folder that is a file takes nothing. */
async function breakDisk(): Promise<void> {
  await rm(join(dir, 'aliases'), { recursive: true })
  await writeFile(join(dir, 'aliases'), '')
}

it('finds the chat of somebody while nothing can be written, always the same one', async () => {
  await breakDisk()
  await expect(
    createPeople({ store, clock: { now: () => 1 }, own: undefined }).resolve(SALES, WHO),
  ).rejects.toThrow('The store cannot write')
  const people = createPeople({
    store: unlessFull(store),
    clock: { now: () => 1 },
    own: undefined,
  })
  const chat = await people.resolve(SALES, WHO)
  expect(await people.resolve(SALES, WHO)).toBe(chat)
  expect(await people.find(SALES, WHO)).toBe(chat)
})

it('hides no other failure', async () => {
  await store.close()
  const { aliases, chats } = unlessFull(store)
  const alias = { account: SALES, chat: 'pn:1' as never, at: 1 }
  await expect(aliases.put('a', alias)).rejects.toThrow('closing')
  await expect(chats.update('a', () => undefined)).rejects.toThrow('closing')
})
