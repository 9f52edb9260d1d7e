import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { lockFolder } from './folder-lock.ts'
import { isAlive, startOf } from './process-life.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lock-'))
})
afterEach(() => rm(dir, { recursive: true }))

/** The number of a process that lives until the test ends. */
async function livingProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child, 'spawn')
  return child.pid ?? 0
}

async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return child.pid ?? 0
}

/** The number of a process that was killed, and of whose end its parent takes no notice. */
async function zombie(): Promise<number> {
  // The shell becomes a program that never asks how its children ended.
  const parent = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1000'])
  onTestFinished(() => void parent.kill('SIGKILL'))
  const [line] = await once(parent.stdout, 'data')
  const pid = Number(line)
  await expect.poll(() => readFile(`/proc/${parent.pid}/comm`, 'utf8')).toBe('sleep\n')
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => readFile(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ')
  return pid
}

const leaveLock = (content: unknown): Promise<void> =>
  writeFile(join(dir, 'lock'), JSON.stringify(content))

describe('a folder lock', () => {
  it('is left as a file while held, and nothing after', async () => {
    const lock = await lockFolder(dir)
    expect(await readdir(dir)).toEqual(['lock'])
    await lock.check()
    await lock.release()
    expect(await readdir(dir)).toEqual([])
  })

  it('is refused while a living process holds it', async () => {
    const pid = await livingProcess()
    for (const holder of [{ pid }, { pid, start: startOf(pid) }]) {
      await leaveLock(holder)
      await expect(lockFolder(dir)).rejects.toMatchObject({
        name: 'ConfigError',
        message: expect.stringContaining(`process ${pid}`),
      })
      expect(await readdir(dir)).toEqual(['lock'])
    }
  })

  it('is taken over from a dead process', async () => {
    await leaveLock({ pid: await deadProcess() })
    await (await lockFolder(dir)).check()
  })

  it.skipIf(startOf(process.pid) === undefined)(
    'is taken over when the number now belongs to another process',
    async () => {
      await leaveLock({ pid: await livingProcess(), start: '1' })
      await (await lockFolder(dir)).check()
    },
  )

  it.skipIf(startOf(process.pid) === undefined)(
    'is taken over from a process that was killed and is not buried yet',
    async () => {
      const pid = await zombie()
      for (const holder of [{ pid }, { pid, start: startOf(pid) }]) {
        await leaveLock(holder)
        const lock = await lockFolder(dir)
        await lock.check()
        await lock.release()
      }
    },
  )

  it.each(['', '{', '{"pid":-1}', '{"pid":9e15}', '[]', 'null', '\u0000\uffff'])(
    'is taken over when it says %j',
    async (text) => {
      await writeFile(join(dir, 'lock'), text)
      await (await lockFolder(dir)).check()
    },
  )

  it('notices that it was taken, and does not remove the other one', async () => {
    const lock = await lockFolder(dir)
    await leaveLock({ pid: 1 })
    await expect(lock.check()).rejects.toMatchObject({ code: 'store.lock_lost' })
    await lock.release()
    expect(await readFile(join(dir, 'lock'), 'utf8')).toBe('{"pid":1}')
  })

  it('goes to one of many who try at once', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(dir)))
    const won = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(won).toHaveLength(1)
    await won[0]?.check()
  })
})

describe('a process', () => {
  it('is known to be alive or dead', async () => {
    expect(isAlive(process.pid)).toBe(true)
    expect(isAlive(await deadProcess())).toBe(false)
    expect(isAlive(9e15)).toBe(false)
    // Of a living process that may be somebody else's.
    expect(isAlive(1)).toBe(true)
  })
})
