/**
 * Started by `crash.test.ts`: puts one link after another, sixteen under way, and prints the number of each
 * one that was acknowledged, until it is killed.
 */
import { writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { createFileStore } from '../../src/state/store/file-store.ts'
import { accountState, inboundLink, linkId } from './samples.ts'

const [dir = '', first = '0'] = process.argv.slice(2)
const store = await createFileStore({ dir, limits: { segmentEntries: 50 } })
let next = Number(first)

/**
 * Sixty values that change all the time among some that stay, so that the kill also hits the compaction of
 * old segments.
 */
function accountId(n: number): string {
  return n % 10 === 0 ? `still ${n}` : `busy ${n % 60}`
}

async function lane(): Promise<never> {
  for (;;) {
    const n = next
    next += 1
    const link = inboundLink(n)
    // Out of step, so that puts also come in the middle of a write.
    for (let turns = n % 7; turns > 0; turns -= 1) await setImmediate()
    await store.links.put(linkId(link), link)
    await store.accounts.put(accountId(n), accountState(n))
    // Synchronous: what was acknowledged is printed before anything else can happen.
    writeSync(1, `${n}\n`)
  }
}

await Promise.all(Array.from({ length: 16 }, lane))
