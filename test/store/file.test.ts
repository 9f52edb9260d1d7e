import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TransientError } from '../../src/kernel/errors.ts'
import { createFileStore, type FileStoreOptions } from '../../src/state/store/file-store.ts'
import { storeKey } from '../../src/state/store/keys.ts'
import type { Store } from '../../src/state/store/types.ts'
import { describeStore } from './conformance.ts'
import { account, accountState, chat, inboundLink, linkId, outboundLink } from './samples.ts'

const temporary = (): Promise<string> => mkdtemp(join(tmpdir(), 'store-'))

async function place(options: Omit<FileStoreOptions, 'dir'> = {}) {
  const dir = await temporary()
  return {
    open: () => createFileStore({ dir, ...options }),
    dispose: () => rm(dir, { recursive: true }),
  }
}

describeStore('files', () => place())
// Segments this small fill up, are sealed and compacted in the middle of every test.
describeStore('files of 3 entries', () => place({ limits: { segmentEntries: 3 } }))

describe('file store', () => {
  const DAY = 86_400_000
  let dir: string
  let store: Store
  let now = 1000 * DAY
  const errors: unknown[] = []
  const onError = (error: unknown): void => void errors.push(error)

  const open = async (): Promise<Store> => {
    store = await createFileStore({
      dir,
      now: () => now,
      onError,
      limits: { segmentEntries: 10, linkAgeMs: 30 * DAY },
    })
    return store
  }
  const reopen = async (): Promise<Store> => {
    await store.close()
    return open()
  }
  const segments = (name: string): Promise<string[]> => readdir(join(dir, name))
  const putLink = (n: number): Promise<void> =>
    store.links.put(linkId(inboundLink(n)), inboundLink(n))
  const range = (length: number): number[] => Array.from({ length }, (_, n) => n)

  beforeEach(async () => {
    errors.length = 0
    dir = await temporary()
    await open()
  })
  afterEach(async () => {
    await store.close()
    await rm(dir, { recursive: true })
    expect(errors).toEqual([])
  })

  it('never touches a full segment again', async () => {
    for (const n of range(10)) await putLink(n)
    const path = join(dir, 'links', '00000001.json')
    const before = await readFile(path, 'utf8')
    for (const n of range(25)) await putLink(n)
    expect(await readFile(path, 'utf8')).toBe(before)
    expect((await segments('links')).length).toBeGreaterThan(1)
  })

  it('keeps one line per id in the segment that still takes entries', async () => {
    for (const at of range(50)) await store.accounts.put('sales', accountState(at))
    expect(await segments('accounts')).toEqual(['00000001.json'])
    const { entries } = JSON.parse(await readFile(join(dir, 'accounts', '00000001.json'), 'utf8'))
    expect(entries).toHaveLength(1)
  })

  it('leaves no word in any file of what was erased', async () => {
    for (const n of range(25)) await putLink(n)
    for (const n of range(25))
      await store.links.put(linkId(inboundLink(n)), inboundLink(n, { at: 8 }))
    await store.links.delete(linkId(inboundLink(4)))
    const gone = new Set([3, 4, 17, 24].map((n) => linkId(inboundLink(n))))
    await store.links.erase(gone)
    const files = await Promise.all(
      (await segments('links')).map((name) => readFile(join(dir, 'links', name), 'utf8')),
    )
    for (const id of gone) expect(files.join('\n')).not.toContain(id)
    await reopen()
    expect(await store.links.count()).toBe(21)
    expect(await store.links.get(linkId(inboundLink(18)))).toEqual(inboundLink(18, { at: 8 }))
  })

  it('goes on in the segment it left off in', async () => {
    for (const n of range(4)) await putLink(n)
    await reopen()
    for (const n of range(4)) await putLink(100 + n)
    expect(await segments('links')).toEqual(['00000001.json'])
  })

  it('reads a segment that somebody formatted', async () => {
    await putLink(1)
    await store.close()
    const path = join(dir, 'links', '00000001.json')
    const data = JSON.parse(await readFile(path, 'utf8'))
    await writeFile(path, JSON.stringify({ comment: 'kept', ...data }, null, 2))
    await open()
    expect(await store.links.get(linkId(inboundLink(1)))).toEqual(inboundLink(1))
  })

  describe('retention', () => {
    it('drops whole files of links that are too old, with their index entries', async () => {
      for (const n of range(10)) await putLink(n)
      now += 31 * DAY
      for (const n of range(10)) await putLink(100 + n)
      await expect.poll(() => segments('links')).toEqual(['00000002.json'])
      expect(await store.links.count()).toBe(10)
      expect(await store.links.get(linkId(inboundLink(3)))).toBeUndefined()
      const key = storeKey.byMessage(account, inboundLink(3).messageId)
      expect(await store.links.findBy('message', key)).toEqual([])
      await reopen()
      expect(await store.links.count()).toBe(10)
    })

    it('does so at start too', async () => {
      for (const n of range(15)) await putLink(n)
      await store.close()
      now += 31 * DAY
      await open()
      await expect.poll(() => store.links.count()).toBe(5)
    })

    it('keeps a link that changed since, though its first version went', async () => {
      for (const n of range(10)) await putLink(n)
      now += 20 * DAY
      for (const n of range(10)) await putLink(100 + n)
      await putLink(3)
      now += 20 * DAY
      for (const n of range(10)) await putLink(200 + n)
      await expect.poll(() => segments('links')).not.toContain('00000001.json')
      await reopen()
      expect(await store.links.get(linkId(inboundLink(3)))).toEqual(inboundLink(3))
      expect(await store.links.get(linkId(inboundLink(4)))).toBeUndefined()
    })

    it('compacts chats that change all the time and loses none, however old', async () => {
      for (const n of range(20)) await store.chats.put(`still ${n}`, chat(n))
      now += 1000 * DAY
      for (const round of range(40)) {
        await Promise.all(
          range(20).map((n) => store.chats.put(`busy ${n}`, chat(n, { at: round }))),
        )
      }
      // 820 versions are 82 files; 40 chats may have twice their size, the slack and the open file.
      await expect.poll(async () => (await segments('chats')).length).toBeLessThan(14)
      await expect.poll(() => segments('chats')).not.toContain('00000001.json')
      await reopen()
      expect(await store.chats.count()).toBe(40)
      for (const n of range(20)) {
        expect(await store.chats.get(`still ${n}`)).toEqual(chat(n))
        expect(await store.chats.get(`busy ${n}`)).toEqual(chat(n, { at: 39 }))
      }
    })

    it('does not bring deleted values back by compacting', async () => {
      for (const n of range(30)) await store.chats.put(String(n), chat(n))
      for (const n of range(30)) await store.chats.delete(String(n))
      await expect.poll(() => segments('chats')).not.toContain('00000001.json')
      await reopen()
      expect(await store.chats.count()).toBe(0)
      expect(await store.chats.get('7')).toBeUndefined()
    })
  })

  describe('when the disk refuses', () => {
    it('rejects who waits, goes on reading, and writes it with the next flush', async () => {
      await putLink(1)
      await rename(join(dir, 'links'), join(dir, 'gone'))
      const failed = await Promise.allSettled([putLink(2), putLink(3)])
      for (const one of failed) {
        expect(one).toMatchObject({
          status: 'rejected',
          reason: { code: 'store.write_failed', context: { system: 'ENOENT' } },
        })
        expect(one.status === 'rejected' && one.reason).toBeInstanceOf(TransientError)
      }
      expect(await store.links.get(linkId(inboundLink(2)))).toEqual(inboundLink(2))
      await expect(store.flush()).rejects.toThrow(TransientError)

      await rename(join(dir, 'gone'), join(dir, 'links'))
      await store.flush()
      await reopen()
      expect(await store.links.count()).toBe(3)
    })

    it('keeps one collection usable while another cannot be written', async () => {
      await rm(join(dir, 'links'), { recursive: true })
      await expect(putLink(1)).rejects.toThrow(TransientError)
      await store.chats.put('c', chat(1))
      await mkdir(join(dir, 'links'))
      await putLink(1)
    })

    it('takes nothing more after close', async () => {
      await store.close()
      await expect(putLink(1)).rejects.toMatchObject({ code: 'store.closed' })
      await open()
    })
  })

  describe('at start', () => {
    it('refuses a segment of a newer release, names it and leaves it alone', async () => {
      await store.close()
      const path = join(dir, 'links', '00000001.json')
      for (const text of ['{"version":3,"things":[]}', '{"version":3,"entries":[\n["a",1]\n]}\n']) {
        await writeFile(path, text)
        await expect(open()).rejects.toMatchObject({
          name: 'ConfigError',
          context: { file: path },
          message: expect.stringContaining(path),
        })
        expect(await readFile(path, 'utf8')).toBe(text)
      }
      await rm(path)
      await open()
    })

    it('says which folder it cannot use', async () => {
      const path = join(dir, 'a file')
      await writeFile(path, '')
      await expect(createFileStore({ dir: join(path, 'below') })).rejects.toMatchObject({
        name: 'ConfigError',
        code: 'store.folder',
        context: { system: 'ENOTDIR' },
      })
    })

    it('clears away what a killed process was writing', async () => {
      await putLink(1)
      await store.close()
      await writeFile(join(dir, 'links', '00000001.json.tmp'), '{"version":1,"ent')
      await open()
      expect(await segments('links')).toEqual(['00000001.json'])
      expect(await store.links.count()).toBe(1)
    })

    it('refuses a folder that is in use, says by whom, and leaves it usable', async () => {
      await expect(createFileStore({ dir })).rejects.toMatchObject({
        name: 'ConfigError',
        code: 'store.in_use',
        context: { pid: process.pid },
      })
      await putLink(1)
    })

    it('stops writing when another process took the folder', async () => {
      await putLink(1)
      const lock = await readFile(join(dir, 'lock'), 'utf8')
      await writeFile(join(dir, 'lock'), '{"pid":1}')
      await expect(putLink(2)).rejects.toMatchObject({ code: 'store.lock_lost' })
      await writeFile(join(dir, 'lock'), lock)
      await store.links.put(linkId(outboundLink(3)), outboundLink(3))
    })
  })
})
