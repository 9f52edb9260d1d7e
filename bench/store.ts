/**
 * What a put costs as the file store grows: `node bench/store.ts [--json] [--sizes 1000,10000]`.
 *
 * At every size it measures puts one after the other and 50 at a time, each resolved after fsync, and the
 * longest time the event loop stood still. The floor is one durable write of half a full segment, which is
 * what a put writes on average; it is measured next to the puts, as disks and neighbours change.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { writeDurably } from '../src/kernel/durable-file.ts'
import { createFileStore } from '../src/state/store/file-store.ts'
import { storeKey } from '../src/state/store/keys.ts'
import type { Store } from '../src/state/store/types.ts'
import { inboundLink, linkId, outboundLink } from '../test/store/samples.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    sizes: { type: 'string', default: '1000,10000,100000,1000000' },
  },
})

type Row = {
  links: number
  /** Milliseconds per put, awaited one by one; the mean over a segment from empty to full. */
  sequentialMs: number
  /** The disk's part: milliseconds of one durable write of 150 kB, measured right before. */
  floorMs: number
  /** Processor milliseconds per put, awaited one by one: what does not depend on the disk. */
  cpuMs: number
  /** Milliseconds per put, 50 under way. */
  concurrentMs: number
  /** Longest pause of the event loop in milliseconds while measuring, and while filling up to this size. */
  pauseMs: number
  fillPauseMs: number
  /**
   * The most processor milliseconds this process used within one such pause. A long pause with little of it
   * means that the machine was busy with something else.
   */
  busyMs: number
  /** `get` and `findBy` in microseconds. */
  getUs: number
  findUs: number
  heapMb: number
  buffersMb: number
  rssMb: number
}

const SEQUENTIAL = 1000
const CONCURRENT = 5000
const dir = await mkdtemp(join(tmpdir(), 'bench-store-'))
try {
  const rows = await measure()
  const load = await reopen()
  report(rows, load)
} finally {
  await rm(dir, { recursive: true, force: true })
}

async function measure(): Promise<Row[]> {
  const store = await createFileStore({ dir })
  const rows: Row[] = []
  let count = 0
  const put = (): Promise<void> => {
    count += 1
    const link = count % 2 === 0 ? inboundLink(count) : outboundLink(count)
    return store.links.put(linkId(link), link)
  }
  for (const size of values.sizes.split(',').map(Number)) {
    const fill = await measured(() => inParallel(200, size - count, put))
    const sequential: number[] = []
    const timed = async (): Promise<void> => {
      const started = performance.now()
      await put()
      sequential.push(performance.now() - started)
    }
    const floorMs = await floor()
    const one = await measured(() => inParallel(1, SEQUENTIAL, timed))
    const many = await measured(() => inParallel(50, CONCURRENT, put))
    const look = await lookUps(store, count)
    const memory = process.memoryUsage()
    rows.push({
      links: size,
      sequentialMs: one.ms / SEQUENTIAL,
      floorMs,
      cpuMs: one.cpuMs / SEQUENTIAL,
      concurrentMs: many.ms / CONCURRENT,
      pauseMs: Math.max(one.pauseMs, many.pauseMs),
      fillPauseMs: fill.pauseMs,
      busyMs: Math.max(fill.busyMs, one.busyMs, many.busyMs),
      ...look,
      heapMb: memory.heapUsed / 1e6,
      buffersMb: memory.arrayBuffers / 1e6,
      rssMb: memory.rss / 1e6,
    })
  }
  await store.close()
  return rows
}

async function lookUps(store: Store, count: number): Promise<{ getUs: number; findUs: number }> {
  const times = 10_000
  let n = 0
  const next = (): ReturnType<typeof outboundLink> => {
    n = (n + 7919 * 2) % count
    return outboundLink(n | 1)
  }
  const expectFound = (found: boolean): void => {
    if (!found) throw new Error('A link that was put is not found.')
  }
  const get = await measured(() =>
    inParallel(1, times, async () => {
      expectFound((await store.links.get(linkId(next()))) !== undefined)
    }),
  )
  const find = await measured(() =>
    inParallel(1, times, async () => {
      const { account, keyId } = next()
      if (keyId === undefined) throw new Error('The sample has no key id.')
      const found = await store.links.findBy('key', storeKey.byKey(account, keyId))
      expectFound(found.length === 1)
    }),
  )
  return { getUs: (get.ms / times) * 1000, findUs: (find.ms / times) * 1000 }
}

type Load = { links: number; seconds: number; pauseMs: number; busyMs: number }

async function reopen(): Promise<Load> {
  const { ms, pauseMs, busyMs, result } = await measured(() => createFileStore({ dir }))
  const links = await result.links.count()
  await result.close()
  return { links, seconds: ms / 1000, pauseMs, busyMs }
}

async function floor(): Promise<number> {
  const text = 'x'.repeat(150_000)
  const { ms } = await measured(() =>
    inParallel(1, 100, () => writeDurably(join(dir, 'floor'), text)),
  )
  await rm(join(dir, 'floor'))
  return ms / 100
}

async function inParallel(width: number, times: number, work: () => Promise<void>): Promise<void> {
  let left = times
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await work()
    }
  }
  await Promise.all(Array.from({ length: width }, lane))
}

type Measured<R> = {
  ms: number
  cpuMs: number
  pauseMs: number
  busyMs: number
  result: R
}

/** Does the work and looks every millisecond how long the event loop stood still since the last look. */
async function measured<R>(work: () => Promise<R>): Promise<Measured<R>> {
  const start = now()
  let last = start
  let pauseMs = 0
  let busyMs = 0
  const look = (): void => {
    const current = now()
    const elapsed = current.ms - last.ms
    pauseMs = Math.max(pauseMs, elapsed)
    busyMs = Math.max(busyMs, Math.min(elapsed, current.cpuMs - last.cpuMs))
    last = current
  }
  const probe = setInterval(look, 1)
  const result = await work()
  look()
  clearInterval(probe)
  return { ms: last.ms - start.ms, cpuMs: last.cpuMs - start.cpuMs, pauseMs, busyMs, result }
}

function now(): { ms: number; cpuMs: number } {
  const { user, system } = process.cpuUsage()
  return { ms: performance.now(), cpuMs: (user + system) / 1000 }
}

function report(rows: Row[], load: Load): void {
  const [first, last] = [rows.at(0)!, rows.at(-1)!]
  const ratio = {
    sequential: last.sequentialMs / first.sequentialMs,
    cpu: last.cpuMs / first.cpuMs,
    concurrent: last.concurrentMs / first.concurrentMs,
  }
  if (values.json) {
    console.log(JSON.stringify({ rows, ratio, load }, null, 2))
    return
  }
  const columns = Object.keys(first) as (keyof Row)[]
  const table = new Table({
    head: [...columns],
    colAligns: columns.map(() => 'right'),
    style: { head: [], border: [] },
  })
  for (const row of rows) {
    table.push(columns.map((name) => (name === 'links' ? row[name] : row[name].toFixed(2))))
  }
  console.log(table.toString())
  console.log(
    `cost at ${last.links} over cost at ${first.links}: ${ratio.sequential.toFixed(2)} one by one ` +
      `(processor ${ratio.cpu.toFixed(2)}), ` +
      `${ratio.concurrent.toFixed(2)} with 50 under way`,
  )
  console.log(
    `start with ${load.links} links: ${load.seconds.toFixed(1)} s, longest pause ` +
      `${load.pauseMs.toFixed(1)} ms (busy ${load.busyMs.toFixed(1)} ms)`,
  )
}
