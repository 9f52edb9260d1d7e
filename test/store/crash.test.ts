import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createFileStore } from '../../src/state/store/file-store.ts'
import { inboundLink, linkId } from './samples.ts'

const writer = fileURLToPath(new URL('./crash-writer.ts', import.meta.url))

/** Lets the writer run until it has acknowledged so many puts, then kills it. Gives all that were. */
async function runAndKill(dir: string, first: number, afterPuts: number): Promise<number[]> {
  const child = spawn(process.execPath, [writer, dir, String(first)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let problems = ''
  child.stderr.on('data', (chunk) => {
    problems += chunk
  })
  child.stdout.on('data', (chunk) => {
    output += chunk
    if (output.split('\n').length > afterPuts) child.kill('SIGKILL')
  })
  const [code, signal] = await once(child, 'close')
  expect({ code, signal, problems }).toEqual({ code: null, signal: 'SIGKILL', problems: '' })
  // A last line without its end may be cut off in the middle of the number.
  return output.split('\n').slice(0, -1).map(Number)
}

/** A small generator, so that a failing run can be repeated. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

it('has every acknowledged put after kill -9, again and again in one folder', {
  timeout: 90_000,
}, async () => {
  const dir = await mkdtemp(join(tmpdir(), 'store-crash-'))
  const random = seeded(20_261)
  try {
    const acknowledged: number[] = []
    for (let round = 0; round < 8; round += 1) {
      const after = 1 + Math.floor(random() * 1000)
      acknowledged.push(...(await runAndKill(dir, round * 10_000, after)))

      const store = await createFileStore({ dir })
      const found = await Promise.all(
        acknowledged.map((n) => store.links.get(linkId(inboundLink(n)))),
      )
      expect(found).toEqual(acknowledged.map((n) => inboundLink(n)))
      for (const n of acknowledged) {
        const still = await store.accounts.get(`still ${n}`)
        if (n % 10 === 0) expect(still?.at).toBe(n)
        // Never behind what was acknowledged; a later put may have been written just before the kill.
        const busy = await store.accounts.get(`busy ${n % 60}`)
        if (n % 10 !== 0) expect(busy?.at).toBeGreaterThanOrEqual(n - 60)
      }
      await store.close()
      expect((await readdir(dir)).filter((name) => name.endsWith('.tmp'))).toEqual([])
    }
    expect(acknowledged.length).toBeGreaterThan(100)
  } finally {
    await rm(dir, { recursive: true })
  }
})
