import { createRandom } from '../../../sandbox/wasender/random.ts'
import { signChatwootWebhook } from '../../../src/platforms/chatwoot/webhook.ts'
import type { Fleet } from '../../support/fleet.ts'
import { type Body, realBodies } from './bodies.ts'
import { mutate } from './mutate.ts'

export type FuzzResult = {
  /** Bodies the mutations started from. */
  originals: number
  sent: number
  /** How often each HTTP status was the answer; 0 stands for none. */
  statuses: Record<number, number>
  /** Numbers of the bodies that were answered otherwise than 200, 400 or 413. */
  wrong: { number: number; status: number; reason?: string }[]
  /** Resident memory of the bridge's process, in MB: after a tenth of all, the most seen after that, at the end. */
  memory: { early: number; peak: number; end: number }
  seconds: number
}

const AT_ONCE = 24
const FINE = new Set([200, 400, 413])

/** Sends so many mutated webhooks, correctly signed, to the real bridge. The same seed makes the same bodies. */
export async function fuzz(
  fleet: Fleet,
  { seed, count }: { seed: number; count: number },
): Promise<FuzzResult> {
  const bodies = await realBodies(fleet)
  const result: FuzzResult = {
    originals: bodies.length,
    sent: 0,
    statuses: {},
    wrong: [],
    memory: { early: 0, peak: 0, end: 0 },
    seconds: 0,
  }
  const started = performance.now()
  const post = (number: number) => postMutated(fleet, bodies, seed + number)

  async function measure(): Promise<void> {
    const { memory } = result
    const now = await residentMb(fleet)
    if (result.sent >= count / 10 && memory.early === 0) memory.early = now
    memory.peak = Math.max(memory.peak, now)
    memory.end = now
  }

  async function work(): Promise<void> {
    while (result.sent < count) {
      const number = result.sent
      result.sent += 1
      const { status, reason } = await post(number)
      result.statuses[status] = (result.statuses[status] ?? 0) + 1
      if (!FINE.has(status)) result.wrong.push({ number, status, ...(reason && { reason }) })
      if (number % 200 === 0) await measure()
    }
  }

  await Promise.all(Array.from({ length: AT_ONCE }, work))
  await measure()
  result.seconds = (performance.now() - started) / 1000
  return result
}

async function postMutated(
  fleet: Fleet,
  bodies: readonly Body[],
  seed: number,
): Promise<{ status: number; reason?: string }> {
  const random = createRandom(seed)
  const original = bodies[random.between(0, bodies.length - 1)]
  if (original === undefined) throw new Error('There are no bodies to begin with')
  const bytes = mutate(original.body, random)
  const { id, session } = fleet.accounts[0]!
  const headers: Record<string, string> =
    original.platform === 'wasender'
      ? { 'x-webhook-signature': session.webhookSecret }
      : { ...signChatwootWebhook(bytes, `chatwoot-secret-of-${id}`, fleet.clock.now() / 1000) }
  try {
    const response = await fetch(`${fleet.bridge.url}/webhooks/${original.platform}/${id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: bytes,
    })
    await response.arrayBuffer()
    return { status: response.status }
  } catch (error) {
    // No answer at all is the worst one, and counted as such.
    return { status: 0, reason: String((error as Error).cause ?? error) }
  }
}

async function residentMb(fleet: Fleet): Promise<number> {
  const metrics = await (await fetch(`${fleet.bridge.url}/metrics`)).text()
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1]) / 1_000_000
}
