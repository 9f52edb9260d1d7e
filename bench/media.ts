/**
 * What a file costs the bridge: `node bench/media.ts [--json] [--sizes 1,10,50]` (megabytes).
 *
 * Files go through the real process, between stand-ins over HTTP. Measured are the time until a file
 * is visible on the other side, whether its bytes are the same, and how far the resident memory of
 * the bridge's process rises above what it was right before. Exits with 1 when a file arrives changed
 * or the process grows by more than {@link GROWTH_LIMIT_MB}.
 */
import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import type { Person } from '../sandbox/wasender/people.ts'
import { startWorld, type World } from '../test/support/world.ts'

const GROWTH_LIMIT_MB = 40
const MB = 1_000_000
const PHONE = '+15550001000'
const TIMEOUT_MS = 120_000
/** Memory is looked at this often. */
const LOOK_MS = 5

type Row = {
  way: string
  mb: number
  seconds: number
  mbPerSecond: number
  /** Highest resident memory while the file passed, above what it was before. */
  growthMb: number
  equal: boolean
}

type Bench = { world: World; person: Person; conversation: number }
/** Sends a file one way and resolves, once it has arrived, with the SHA-256 of what did. */
type Way = {
  name: string
  prepare?: (world: World) => void
  carry: (bench: Bench, bytes: Buffer) => Promise<string>
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function toAgent({ world, person }: Bench, bytes: Buffer): Promise<string> {
  const file = { mimetype: 'application/octet-stream', fileName: 'a.bin' }
  const { keyId } = person.sendMedia('document', bytes, file)
  const message = await world.chatwoot.waitFor(
    () => world.chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId),
    { timeoutMs: TIMEOUT_MS },
  )
  const [attachment] = message.attachments
  return attachment === undefined ? '' : sha256(await world.chatwoot.attachmentBytes(attachment))
}

async function toPhone({ world, conversation }: Bench, bytes: Buffer): Promise<string> {
  const before = world.wasender.inbox(PHONE).length
  const file = { filename: 'a.bin', contentType: 'application/octet-stream', bytes }
  await world.chatwoot.agent().reply(conversation, null, { attachments: [file] })
  const got = await world.wasender.waitFor(() => world.wasender.inbox(PHONE)[before], {
    timeoutMs: TIMEOUT_MS,
  })
  return got.media?.sha256 ?? ''
}

const WAYS: readonly Way[] = [
  { name: 'in, decrypted by the gateway', carry: toAgent },
  {
    name: 'in, decrypted by the bridge',
    carry: toAgent,
    prepare: ({ wasender }) =>
      wasender.faults.add({
        kind: 'answer',
        path: '/decrypt-media',
        status: 422,
        body: { success: false, error: 'No supported media object found in the message.' },
      }),
  },
  { name: 'out, through /upload', carry: toPhone },
]

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024) / MB
}

/** The highest resident memory while `work` runs, looked at every few milliseconds. */
async function peakDuring<T>(
  pid: number,
  work: () => Promise<T>,
): Promise<{ result: T; peakMb: number }> {
  let peakMb = await residentMb(pid)
  const look = async () => {
    peakMb = Math.max(peakMb, await residentMb(pid))
  }
  const looking = setInterval(() => void look(), LOOK_MS)
  try {
    const result = await work()
    await look()
    return { result, peakMb }
  } finally {
    clearInterval(looking)
  }
}

async function measure(bench: Bench, { name, carry }: Way, mb: number): Promise<Row> {
  const { pid } = bench.world.bridge
  const bytes = randomBytes(mb * MB)
  const expected = sha256(bytes)
  const before = await residentMb(pid)
  const started = performance.now()
  const { result, peakMb } = await peakDuring(pid, () => carry(bench, bytes))
  const seconds = (performance.now() - started) / 1000
  return {
    way: name,
    mb,
    seconds,
    mbPerSecond: mb / seconds,
    growthMb: peakMb - before,
    equal: result === expected,
  }
}

/**
 * Every file passes a process of its own, which has carried a small one before: neither code that is
 * loaded nor room that an earlier file has made is measured.
 */
export async function benchMedia(sizes: readonly number[]): Promise<Row[]> {
  const rows: Row[] = []
  for (const way of WAYS) {
    for (const mb of sizes) rows.push(await inFreshProcess(way, mb))
  }
  return rows
}

async function inFreshProcess(way: Way, mb: number): Promise<Row> {
  const world = await startWorld({ chatwoot: { messagesPerMinute: 1_000_000 } })
  try {
    way.prepare?.(world)
    const person = world.wasender.person({ phone: PHONE, name: 'Customer' })
    const { keyId } = person.sendText('hello')
    const hello = await world.chatwoot.waitFor(() =>
      world.chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId),
    )
    const bench = { world, person, conversation: hello.conversationId }
    await way.carry(bench, randomBytes(100_000))
    return await measure(bench, way, mb)
  } finally {
    await world.close()
  }
}

function report(rows: Row[]): void {
  const table = new Table({
    head: ['', 'MB', 's', 'MB/s', 'memory + MB', 'equal'],
    style: { head: [], border: [] },
  })
  for (const { way, mb, seconds, mbPerSecond, growthMb, equal } of rows) {
    table.push([
      way,
      mb,
      seconds.toFixed(2),
      mbPerSecond.toFixed(0),
      growthMb.toFixed(1),
      equal ? 'yes' : 'NO',
    ])
  }
  console.log(table.toString())
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      sizes: { type: 'string', default: '1,10,50' },
    },
  })
  const rows = await benchMedia(values.sizes.split(',').map(Number))
  if (values.json) console.log(JSON.stringify({ rows }, null, 2))
  else report(rows)
  const isGood = rows.every(({ equal, growthMb }) => equal && growthMb <= GROWTH_LIMIT_MB)
  if (!isGood) process.exitCode = 1
}
