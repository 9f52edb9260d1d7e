import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SetAside } from '../../src/state/set-aside/set-aside.ts'
import { createFileStore } from '../../src/state/store/file-store.ts'
import { storeKey } from '../../src/state/store/keys.ts'
import type { Store } from '../../src/state/store/types.ts'
import { account, chat, inboundLink, linkId, outboundLink } from './samples.ts'

let dir: string
let told: SetAside[]
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'damage-'))
  told = []
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const open = () =>
  createFileStore({
    dir,
    onSetAside: (news) => told.push(news),
    limits: { segmentEntries: 4 },
  })

async function within<R>(work: (store: Store) => Promise<R>): Promise<R> {
  const store = await open()
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

const segment = (name: string, collection = 'chats') => join(dir, collection, name)
const FIRST = '00000001.json'

/** Ten chats in three segments. */
const fill = () =>
  within(async ({ chats }) => {
    for (let n = 0; n < 10; n += 1) await chats.put(`c${n}`, chat(n))
  })

const names = () =>
  within(async ({ chats }) => {
    const found: string[] = []
    for await (const { id } of chats.all()) found.push(id)
    return found.sort()
  })

const ALL = Array.from({ length: 10 }, (_, n) => `c${n}`)
const but = (...gone: string[]) => ALL.filter((name) => !gone.includes(name))

describe('a store with damage', () => {
  it('finds a flipped letter within a value, keeps the line, and knows all others', async () => {
    await fill()
    const text = await readFile(segment(FIRST), 'utf8')
    await writeFile(segment(FIRST), text.replace('"sourceId":"', '"sourceId":"X'))
    expect(await names()).toEqual(but('c0'))
    expect(told).toEqual([{ what: 'store', where: segment(FIRST), line: 2, count: 1 }])
    const kept = (await readdir(join(dir, 'chats'))).filter((name) => name.endsWith('.damaged'))
    expect(kept).toHaveLength(1)
    expect(await readFile(segment(kept[0] ?? ''), 'utf8')).toContain('"sourceId":"X')
  })

  it('tells of it once: the next start knows nothing of damage', async () => {
    await fill()
    const text = await readFile(segment(FIRST), 'utf8')
    await writeFile(segment(FIRST), text.replace('"c1"', '"c!"'))
    await names()
    await names()
    expect(told).toHaveLength(1)
  })

  it.each([
    ['cut within a line', (text: string) => text.slice(0, text.indexOf('"c2"') + 9), ['c2', 'c3']],
    ['cut between lines', (text: string) => text.slice(0, text.lastIndexOf('["')), ['c3']],
    ['empty', () => '', ['c0', 'c1', 'c2', 'c3']],
    ['all NUL bytes', (text: string) => '\0'.repeat(text.length), ['c0', 'c1', 'c2', 'c3']],
    ['something else', () => '<html>', ['c0', 'c1', 'c2', 'c3']],
    ['of a changed first line', (text: string) => text.replace('version', 'versian'), []],
    ['of a changed version', (text: string) => text.replace('"version":2', '"version":6'), []],
  ])('goes on without what is missing in a segment that is %s', async (_, damage, gone) => {
    await fill()
    await writeFile(segment(FIRST), damage(await readFile(segment(FIRST), 'utf8')))
    expect(await names()).toEqual(but(...gone))
    expect(await names()).toEqual(but(...gone))
  })

  it('moves a folder in the place of a segment out of the way', async () => {
    await fill()
    await rm(segment(FIRST))
    await mkdir(segment(FIRST))
    expect(await names()).toEqual(but('c0', 'c1', 'c2', 'c3'))
    expect(told).toEqual([{ what: 'store', where: segment(FIRST), count: 1 }])
  })

  it('reads what the release before wrote, which had no checksums', async () => {
    await mkdir(join(dir, 'chats'))
    const entries = [0, 1, 2].map((n) => JSON.stringify([`c${n}`, n + 1, 5, chat(n)]))
    const text = (lines: string[]) => `{"version":1,"entries":[\n${lines.join(',\n')}\n]}\n`
    await writeFile(segment(FIRST), text(entries))
    expect(await names()).toEqual(['c0', 'c1', 'c2'])
    expect(told).toEqual([])
    await writeFile(segment(FIRST), text([entries[0] ?? '', '["c1",2,5,{"acc', entries[2] ?? '']))
    expect(await names()).toEqual(['c0', 'c2'])
    expect(told).toMatchObject([{ line: 3, count: 1 }])
  })

  it('sets a value aside that belongs to another collection, or is none', async () => {
    await mkdir(join(dir, 'chats'))
    const values = ['garbage', 7, [], {}, inboundLink(1)]
    const entries = values.map((value, n) => JSON.stringify([`x${n}`, n + 1, 5, value]))
    await writeFile(segment(FIRST), `{"version":1,"entries":[\n${entries.join(',\n')}\n]}\n`)
    expect(await names()).toEqual([])
    expect(told).toMatchObject([{ count: values.length }])
  })

  it('notes from when on it knows again what was sent, when links are missing', async () => {
    const key = storeKey.account(account)
    const link = outboundLink(1)
    await within(async ({ accounts, links, chats }) => {
      await accounts.put(key, { account, since: 5, at: 5 })
      await links.put(linkId(link), link)
      await chats.put('c', chat(1))
    })
    const state = () => within(({ accounts }) => accounts.get(key))
    await writeFile(segment(FIRST, 'chats'), '')
    expect(await state()).toMatchObject({ since: 5 })
    expect((await state())?.forgotBefore).toBeUndefined()

    const path = segment(FIRST, 'links')
    await writeFile(path, (await readFile(path, 'utf8')).replace('linked', 'failed'))
    await utimes(path, 1_000, 1_000)
    expect((await state())?.forgotBefore).toBe(1_000_000 + 60_000)
    expect(await within(({ links }) => links.get(linkId(link)))).toBeUndefined()
  })

  it('loses no more than the lines in which a byte was changed, and makes nothing up', async () => {
    await fill()
    const whole = await readFile(segment(FIRST))
    const known = await within(({ chats }) => Promise.all(ALL.map((name) => chats.get(name))))
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, mask) => {
          const bytes = Buffer.from(whole)
          bytes[at] = (bytes[at] ?? 0) ^ mask
          await writeFile(segment(FIRST), bytes)
          const found = await within(({ chats }) => Promise.all(ALL.map((name) => chats.get(name))))
          const lost = found.filter((value, n) => {
            if (value !== undefined) expect(value).toEqual(known[n])
            return value === undefined
          })
          // A changed line break takes two lines along.
          expect(lost.length).toBeLessThanOrEqual(2)
        },
      ),
      { numRuns: 100 },
    )
  })
})
