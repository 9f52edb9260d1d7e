import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SetAside } from '../../state/set-aside/set-aside.ts'
import { openSpool, type Spool } from './spool.ts'
import { spoolLine } from './spool-file.ts'

const NAME = '000000000001.jsonl'

let dir: string
let told: SetAside[]
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'spool-'))
  told = []
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const open = () =>
  openSpool<string>({
    dir,
    readItem: (item) => (typeof item === 'string' ? item : undefined),
    onSetAside: (news) => told.push(news),
  })

/** What the spool hands over of files that an earlier process left. */
async function play(spool?: Spool<string>): Promise<string[]> {
  const opened = spool ?? (await open())
  const seen: string[] = []
  await opened.drain(async (items) => {
    seen.push(...items)
    return items.length
  })
  expect(opened.isHolding()).toBe(false)
  await opened.close()
  return seen
}

const leave = (content: string | Uint8Array, name = NAME) => writeFile(join(dir, name), content)
const damaged = async () => (await readdir(dir)).filter((name) => name.endsWith('.damaged'))
const lines = (...items: string[]) => items.map((item) => spoolLine([item]))

describe('a spool with damage', () => {
  it.each([
    ['a flipped letter', (line: string) => line.replace('zwei', 'zwej')],
    ['a flipped letter of the checksum', (line: string) => line.replace(/(?<=^1 )./, 'z')],
    ['a version nobody knows', (line: string) => line.replace(/^1/, '2')],
    ['a lost quotation mark', (line: string) => line.replace('"', '')],
    ['NUL bytes', (line: string) => `${'\0'.repeat(line.length - 1)}\n`],
    ['something else', () => 'hello\n'],
    ['nothing', () => '\n'],
    ['an item that is none', () => spoolLine([7])],
    ['no list', () => '{"zwei":2}\n'],
    ['a line of 30 MB', () => `${'x'.repeat(30_000_000)}\n`],
  ])('plays what stands around %s, keeps that, and tells where it stood', async (_, damage) => {
    const [one = '', two = '', three = ''] = lines('eins', 'zwei', 'drei')
    await leave(one + damage(two) + three)
    await leave(spoolLine(['vier']), '000000000002.jsonl')
    expect(await play()).toEqual(['eins', 'drei', 'vier'])
    expect(told).toEqual([{ what: 'spool', where: join(dir, NAME), line: 2, count: 1 }])
    const [name = ''] = await damaged()
    expect(await readFile(join(dir, name), 'utf8')).toBe(damage(two))
  })

  it('plays lines without a checksum, as the release before wrote them', async () => {
    await leave('["a","b"]\n[]\n["c"]\n["d')
    expect(await play()).toEqual(['a', 'b', 'c'])
    expect(told).toEqual([])
  })

  it('finds half a letter in a line without a checksum', async () => {
    const bytes = Buffer.from('["a"]\n["é"]\n["c"]\n')
    bytes[bytes.indexOf('é') + 1] = 0x20
    await leave(bytes)
    expect(await play()).toEqual(['a', 'c'])
    expect(told).toMatchObject([{ line: 2 }])
  })

  it('takes a last line that was cut off for no damage, wherever it was cut', async () => {
    const [whole = '', last = ''] = lines('eins', 'zwei')
    for (let length = 0; length < last.length - 1; length += 1) {
      await leave(whole + last.slice(0, length))
      expect(await play()).toEqual(['eins'])
    }
    await leave(`${whole}${last.slice(0, -1)}`)
    expect(await play()).toEqual(['eins', 'zwei'])
    expect(told).toEqual([])
  })

  it('plays a last line whose line break was changed', async () => {
    await leave(`${spoolLine(['eins']).slice(0, -1)}J`)
    expect(await play()).toEqual(['eins'])
  })

  it('lets an empty file go', async () => {
    await leave('')
    expect(await play()).toEqual([])
    expect(await readdir(dir)).toEqual([])
    expect(told).toEqual([])
  })

  it('moves a folder in the place of a file out of the way', async () => {
    await mkdir(join(dir, NAME))
    await leave(spoolLine(['zwei']), '000000000002.jsonl')
    expect(await play()).toEqual(['zwei'])
    expect(told).toEqual([{ what: 'spool', where: join(dir, NAME), count: 1 }])
    expect(await damaged()).toHaveLength(1)
  })

  it('never replaces what was kept before, and keeps the same once', async () => {
    for (const text of ['x\n', 'y\n', 'x\n']) {
      await leave(text)
      expect(await play()).toEqual([])
    }
    expect(await damaged()).toHaveLength(2)
  })

  it('tells of damage once, however often the rest has to be handed over', async () => {
    await leave(`x\n${spoolLine(['a'])}`)
    const spool = await open()
    const refuse = async () => {
      throw new Error('Redis is away')
    }
    await expect(spool.drain(refuse)).rejects.toThrow('Redis is away')
    await expect(spool.drain(refuse)).rejects.toThrow('Redis is away')
    expect(await play(spool)).toEqual(['a'])
    expect(told).toHaveLength(1)
  })

  it('loses no more than the lines in which a byte was changed, and plays nothing that was never said', async () => {
    const said = ['Grüße', 'a "quoted" \n text', '💬', '', 'x'.repeat(200)]
    const whole = Buffer.from(said.map((item) => spoolLine([item])).join(''))
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, mask) => {
          const bytes = Buffer.from(whole)
          bytes[at] = (bytes[at] ?? 0) ^ mask
          await leave(bytes)
          const seen = await play()
          expect(said).toEqual(expect.arrayContaining(seen))
          // A changed line break takes two lines along.
          expect(seen.length).toBeGreaterThanOrEqual(said.length - 2)
        },
      ),
      { numRuns: 150 },
    )
  })
})
