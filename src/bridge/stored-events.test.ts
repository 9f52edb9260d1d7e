import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failureBody, readFailure } from '../queue/dead-letters/failures.ts'
import { entryBody, laneOf, readEntry } from '../queue/entry.ts'
import { readSpoolLine } from '../queue/spool/spool-file.ts'
import { createFileStore } from '../state/store/file-store.ts'
import { readArrival } from './intake/stored-arrival.ts'
import { readInEvent, readOutEvent, readStatusEvent } from './stored-events.ts'

/** What the release before had in Redis, in its spool and in its store when it was killed in the middle of all that. */
type LastRelease = {
  lanes: Record<string, Record<string, string>>
  failures: string[]
  spool: string[]
  store: Record<string, string>
}
const FILE = join(import.meta.dirname, 'testing/last-release.json')
const last = JSON.parse(await readFile(FILE, 'utf8')) as LastRelease
const READ = { in: readInEvent, out: readOutEvent, status: readStatusEvent }

const entries = Object.entries(last.lanes).flatMap(([lane, bodies]) =>
  Object.entries(bodies).map(([id, body]) => ({ lane: laneOf(lane), id, body })),
)

describe('what the release before left', () => {
  it('in lanes is read, and written with a version', () => {
    expect(entries.length).toBeGreaterThan(8)
    for (const { lane, id, body } of entries) {
      const stored = readEntry(id, body)
      if (stored.is !== 'entry') throw new Error(`${id} is ${stored.is}`)
      const { entry } = stored
      expect(entry.event).toEqual(JSON.parse(body).event)
      expect(READ[lane.direction](entry.event)).toBe(entry.event)
      expect(JSON.parse(entryBody(entry)).v).toBe(1)
      expect(readEntry(id, entryBody(entry))).toEqual(stored)
    }
  })

  it('as dead letters is read', () => {
    for (const body of last.failures) {
      const stored = readFailure(body)
      expect(stored).toMatchObject({ is: 'failure', failure: JSON.parse(body) })
      if (stored.is === 'failure') expect(readFailure(failureBody(stored.failure))).toEqual(stored)
    }
    expect(last.failures).toHaveLength(1)
  })

  it('in the spool is read', () => {
    expect(last.spool.length).toBeGreaterThan(1)
    for (const line of last.spool) {
      const read = readSpoolLine(Buffer.from(line), readArrival)
      expect(read).toEqual(JSON.parse(line))
    }
  })

  it('in the store is read, without damage', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'last-release-'))
    for (const [name, text] of Object.entries(last.store)) {
      await mkdir(dirname(join(dir, name)), { recursive: true })
      await writeFile(join(dir, name), text)
    }
    const onSetAside = () => {
      throw new Error('It is taken for damaged')
    }
    const store = await createFileStore({ dir, onSetAside })
    const counts = await Promise.all(
      [store.links, store.chats, store.aliases, store.accounts].map((each) => each.count()),
    )
    await store.close()
    await rm(dir, { recursive: true })
    for (const count of counts) expect(count).toBeGreaterThan(0)
  })
})

describe('what is nothing this release knows', () => {
  it.each([undefined, null, 7, 'x', [], {}, { type: 'x' }, { type: 'toString' }, { type: 7 }])(
    'is no event: %j',
    (value) => {
      for (const read of Object.values(READ)) expect(read(value)).toBeUndefined()
    },
  )

  it('is found wherever a field that is needed is missing or another kind of thing', () => {
    const [entry] = entries.filter(({ lane }) => lane.direction === 'in')
    const event = JSON.parse(entry?.body ?? '').event
    for (const key of [undefined, 'x', {}, { ...event.key, chat: { kind: 'phone' } }]) {
      expect(readInEvent({ ...event, key })).toBeUndefined()
    }
  })

  it('never throws, whatever stands there', () => {
    fc.assert(
      fc.property(fc.string(), fc.json(), (text, json) => {
        for (const body of [text, json]) {
          expect(['entry', 'newer', 'damaged']).toContain(readEntry('1.2', body).is)
          expect(['failure', 'newer', 'damaged']).toContain(readFailure(body).is)
          readSpoolLine(Buffer.from(body), readArrival)
        }
      }),
    )
  })

  it.each(['{"v":2}', '{"v":2,"receivedAt":1,"event":{},"attempts":0}', '{"v":99,"id":"x"}'])(
    'is left to a newer release: %s',
    (body) => {
      expect(readEntry('1.2', body)).toEqual({ is: 'newer' })
      expect(readFailure(body)).toEqual({ is: 'newer' })
    },
  )
})
