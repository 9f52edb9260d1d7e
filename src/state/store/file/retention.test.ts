import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reclaim } from './collection.ts'
import { loadEntries } from './entries.ts'
import { createSegmentLog } from './segment.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'retention-'))
})
afterEach(() => rm(dir, { recursive: true }))

/** A log of two entries per segment, and what `reclaim` did to it, in order. */
async function setUp(options: { maxAgeMs?: number; now?: number } = {}) {
  const log = createSegmentLog(logOptions())
  const entries = await loadEntries<number>(log, {})
  const events: string[] = []
  let stopped = false
  return {
    entries,
    events,
    flush: log.flush,
    stop: () => {
      stopped = true
    },
    reclaim: () =>
      reclaim({
        log: {
          ...log,
          drop: async (segment) => {
            events.push(`drop ${segment.number}, dirty ${log.dirty()}`)
            await log.drop(segment)
          },
        },
        entries,
        maxAgeMs: options.maxAgeMs,
        slack: 0,
        now: () => options.now ?? 0,
        flush: async () => {
          events.push('flush')
          await log.flush()
        },
        stopped: () => stopped,
      }),
    reload: async () => {
      const again = await loadEntries<number>(createSegmentLog(logOptions()), {})
      return Object.fromEntries(['a', 'b', 'c', 'd'].map((id) => [id, again.get(id)]))
    },
  }
}

const logOptions = () => ({ dir, segmentEntries: 2, isValue: () => true, onSetAside: () => {} })

describe('reclaim', () => {
  it('moves what is live and makes that durable before the file goes', async () => {
    const { entries, events, flush, reclaim, reload } = await setUp()
    entries.write('a', 1, 0)
    for (const version of [1, 2, 3]) {
      for (const id of ['b', 'c']) entries.write(id, version, 0)
      await flush()
    }
    await reclaim()
    expect(events).toEqual(['flush', 'drop 1, dirty false'])
    expect(await readdir(dir)).not.toContain('00000001.json')
    expect(await reload()).toEqual({ a: 1, b: 3, c: 3, d: undefined })
  })

  it('leaves a log alone that is not mostly outdated', async () => {
    const { entries, events, flush, reclaim } = await setUp()
    for (const id of ['a', 'b', 'c', 'd', 'a', 'b']) entries.write(id, 1, 0)
    await flush()
    await reclaim()
    expect(events).toEqual([])
  })

  it('keeps deleted ids deleted', async () => {
    const { entries, events, flush, reclaim, reload } = await setUp()
    for (const id of ['a', 'b', 'c', 'd']) entries.write(id, 1, 0)
    for (const id of ['a', 'b', 'c']) entries.write(id, null, 0)
    await flush()
    await reclaim()
    expect(events).not.toEqual([])
    expect(await reload()).toEqual({ a: undefined, b: undefined, c: undefined, d: 1 })
  })

  it('drops what is too old without writing it again', async () => {
    const { entries, events, flush, reclaim, reload } = await setUp({ maxAgeMs: 10, now: 100 })
    entries.write('a', 1, 50)
    entries.write('b', 1, 89)
    entries.write('c', 1, 90)
    entries.write('d', 1, 20)
    entries.write('e', 1, 95)
    await flush()
    await reclaim()
    expect(events).toEqual(['drop 1, dirty false'])
    expect(entries.count()).toBe(3)
    expect(await reload()).toEqual({ a: undefined, b: undefined, c: 1, d: 1 })
  })

  it('stops between two steps and loses nothing by it', async () => {
    const { entries, events, flush, stop, reclaim, reload } = await setUp()
    entries.write('a', 1, 0)
    for (const version of [1, 2, 3]) {
      for (const id of ['b', 'c']) entries.write(id, version, 0)
    }
    await flush()
    stop()
    await reclaim()
    expect(events).toEqual([])
    expect(await reload()).toMatchObject({ a: 1, b: 3, c: 3 })
  })
})
