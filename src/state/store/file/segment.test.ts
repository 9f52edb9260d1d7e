import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSegment, encodeEntry, loadSegment } from './segment.ts'

let dir: string
let path: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'segment-'))
  path = join(dir, '1.json')
})
afterEach(() => rm(dir, { recursive: true }))

const fileAt = (at: string) => ({ path: at, isValue: () => true, onSetAside: () => {} })
const line = (id: string, value: unknown = 1, at = 5): string =>
  encodeEntry({ id, seq: 1, at, value })

describe('a segment', () => {
  it('is still dirty when something was put while it was being written', async () => {
    const segment = createSegment(fileAt(path), 1)
    segment.put('a', line('a'), 5)
    const writing = segment.write()
    segment.put('b', line('b'), 5)
    await writing
    expect(segment.dirty()).toBe(true)
    expect(await readFile(path, 'utf8')).not.toContain('"b"')

    await segment.write()
    expect(segment.dirty()).toBe(false)
    expect((await loadSegment(fileAt(path), 1)).size()).toBe(2)
  })

  it('gives the same lines open, sealed and loaded, also those with letters of several bytes', async () => {
    const ids = ['ключ', '💬', 'a', 'é', '']
    const segment = createSegment(fileAt(path), 1)
    for (const id of ids) segment.put(id, line(id, `${id}💬`), 5)
    await segment.write()
    const expected = ids.map((id) => line(id, `${id}💬`))
    const lines = (of: typeof segment): string[] => ids.map((_, position) => of.line(position))
    expect(lines(segment)).toEqual(expected)
    expect(lines(await loadSegment(fileAt(path), 1))).toEqual(expected)
    segment.seal()
    expect(lines(segment)).toEqual(expected)
    expect(segment.size()).toBe(5)
  })

  it('puts a newer version in the place of the older one', async () => {
    const segment = createSegment(fileAt(path), 1)
    expect([
      segment.put('a', line('a', 1), 5),
      segment.put('b', line('b', 2), 6),
      segment.put('a', line('a', 3), 7),
    ]).toEqual([0, 1, 0])
    await segment.write()
    const loaded = await loadSegment(fileAt(path), 1)
    expect(loaded.line(0)).toBe(line('a', 3))
    expect(loaded.put('b', line('b', 4), 8)).toBe(1)
    expect(loaded.size()).toBe(2)
  })

  it('knows when its newest entry was written, also after loading', async () => {
    const segment = createSegment(fileAt(path), 1)
    segment.put('a', line('a', 1, 9), 9)
    segment.put('b', line('b', 1, 3), 3)
    await segment.write()
    expect(segment.newest()).toBe(9)
    expect((await loadSegment(fileAt(path), 1)).newest()).toBe(9)
  })

  it('stays dirty when it could not be written', async () => {
    const segment = createSegment(fileAt(join(dir, 'missing', '1.json')), 1)
    segment.put('a', line('a'), 5)
    await expect(segment.write()).rejects.toThrow('ENOENT')
    expect(segment.dirty()).toBe(true)
  })
})
