import { appendFile, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError } from '../../kernel/errors.ts'
import type { SetAside } from '../../state/set-aside/set-aside.ts'
import { openSpool, type Spool } from './spool.ts'

let dir: string
let spool: Spool<number>
let setAside: SetAside[]
const readNumber = (item: unknown) => (typeof item === 'number' ? item : undefined)
const open = () =>
  openSpool({ dir, readItem: readNumber, onSetAside: (news) => setAside.push(news) })
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'spool-'))
  setAside = []
  spool = await open()
})
afterEach(async () => {
  await spool.close()
  await rm(dir, { recursive: true, force: true })
})

const files = async () => (await readdir(dir)).filter((name) => name.endsWith('.jsonl')).sort()

/** Everything the spool hands over. */
function collector() {
  const seen: number[] = []
  return {
    seen,
    take: async (items: number[]) => {
      seen.push(...items)
      return items.length
    },
  }
}

describe('the spool', () => {
  it('hands over in order what was appended, and forgets it', async () => {
    expect(spool.isHolding()).toBe(false)
    await Promise.all([1, 2, 3].map((n) => spool.append([n])))
    await spool.append([4, 5])
    expect(spool.isHolding()).toBe(true)
    const { seen, take } = collector()
    await spool.drain(take)
    expect(seen).toEqual([1, 2, 3, 4, 5])
    expect(spool.isHolding()).toBe(false)
    expect(await files()).toEqual([])
  })

  it('is holding from the moment something is on its way in', async () => {
    const appended = spool.append([1])
    expect(spool.isHolding()).toBe(true)
    await appended
  })

  it('keeps everything over a crash, but for a line that was cut off', async () => {
    await spool.append([1])
    await spool.append([2])
    await spool.close()
    const [name] = await files()
    await appendFile(join(dir, name as string), '[3')
    spool = await open()
    expect(spool.isHolding()).toBe(true)
    await spool.append([4])
    const { seen, take } = collector()
    await spool.drain(take)
    expect(seen).toEqual([1, 2, 4])
  })

  it('keeps what could not be handed over, and hands nothing over twice', async () => {
    await spool.append(Array.from({ length: 250 }, (_, n) => n))
    const { seen, take } = collector()
    const refuse = async (items: number[]) => {
      if (seen.length === 200) throw new Error('Redis is away')
      return take(items)
    }
    await expect(spool.drain(refuse)).rejects.toThrow('Redis is away')
    expect(spool.isHolding()).toBe(true)
    await spool.append([250])
    await spool.drain(take)
    expect(seen).toEqual(Array.from({ length: 251 }, (_, n) => n))
  })

  it('takes in more while it hands over, behind the rest', async () => {
    await spool.append([1])
    const { seen, take } = collector()
    let late: Promise<void> | undefined
    await spool.drain((items) => {
      late ??= spool.append([2])
      return take(items)
    })
    await late
    await spool.drain(take)
    expect(seen).toEqual([1, 2])
  })

  it('does not keep anybody waiting while a large file is handed over', async () => {
    await spool.append(Array.from({ length: 20_000 }, (_, n) => n))
    const gate = Promise.withResolvers<void>()
    const drained = spool.drain(async (items) => {
      await gate.promise
      return items.length
    })
    await spool.append([20_000])
    gate.resolve()
    await drained
    expect(spool.isHolding()).toBe(false)
  })

  it('does not keep anybody waiting for long while the last file is handed over', async () => {
    await spool.append([1])
    const { seen, take } = collector()
    const slow = Promise.withResolvers<void>()
    const isLast = Promise.withResolvers<void>()
    let behind: Promise<void> | undefined
    const drained = spool.drain(async (items) => {
      behind ??= spool.append([2])
      await behind
      if (items.includes(2)) {
        isLast.resolve()
        await slow.promise
      }
      return take(items)
    })
    await isLast.promise
    await spool.append([3])
    expect(seen).toEqual([1])
    slow.resolve()
    await drained
    expect(seen).toEqual([1, 2, 3])
    expect(spool.isHolding()).toBe(false)
  })

  it('hands over again what was not taken, and nothing else', async () => {
    await spool.append([1, 2, 3, 4, 5])
    const seen: number[] = []
    let left = 2
    await expect(
      spool.drain(async ([first = 0, second = 0]) => {
        if (left === 0) throw new Error('Redis is away')
        left -= 1
        seen.push(first, second)
        return 2
      }),
    ).rejects.toThrow('Redis is away')
    await spool.drain(async (items) => {
      seen.push(...items)
      return items.length
    })
    expect(seen).toEqual([1, 2, 3, 4, 5])
  })

  it('says so when the disk is full, and goes on once it is not', async () => {
    await spool.append([1])
    await spool.close()
    spool = await open()
    const next = join(dir, '000000000002.jsonl')
    await symlink('/dev/full', next)
    await expect(spool.append([2])).rejects.toMatchObject({ code: 'ENOSPC' })
    await rm(next)
    await spool.append([3])
    const { seen, take } = collector()
    await spool.drain(take)
    expect(seen).toEqual([1, 3])
    expect(spool.isHolding()).toBe(false)
  })

  it('belongs to one process', async () => {
    await expect(open()).rejects.toThrow(ConfigError)
  })
})
