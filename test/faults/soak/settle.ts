import { setTimeout as pause } from 'node:timers/promises'
import type { Fleet } from '../../support/fleet.ts'
import { unsettled } from '../ledger/check.ts'
import { readLedgers } from '../ledger/read.ts'
import type { Ledgers, Said } from '../ledger/types.ts'
import type { Supervisor } from './supervisor.ts'

const POLL_MS = 100
/** Longer than a lost answer is waited for, shorter than the age at which Chatwoot's signatures are refused. */
const AHEAD_MS = 130_000

/** How long to wait before the clock is moved, at least; longer each time after. */
const PATIENCE_MS = 2_500
/** On a busy machine a bridge that has just started needs longer: so many times what the start took. */
const PATIENCE_STARTS = 3
/** So long several bridges wait for each other after a start (src/queue/lane-worker.ts). */
const SETTLING_MS = 5_000

/**
 * Everything on its way has arrived or failed, and nothing waits any more. The time is counted in looks and not by the
 * clock: the stand-ins live in this process, and while it is short of time nobody can get on.
 */
async function quiet(fleet: Fleet, said: readonly Said[], phones: Set<string>, withinMs: number) {
  for (let looks = 1; ; looks += 1) {
    const isStill = !isUnderWay(fleet) && (await waitingIn(fleet)) === 0
    const ledgers = await readLedgers(fleet, phones)
    // What came in while the ledgers were read is seen the next time.
    const isDone = isStill && !isUnderWay(fleet) && unsettled(said, ledgers).length === 0
    if (isDone || looks * POLL_MS > withinMs) return { isDone, ledgers }
    await pause(POLL_MS)
  }
}

/**
 * Waits until both ledgers say how everything ended. What waits for minutes by design (a send whose answer is lost, a
 * long back-off) is helped by moving the clock: the bridges are stopped and started in the future. They are not killed for
 * that: whatever dies with a message in hand a few times is suspected, and then goes alone and slowly.
 */
export async function settle(options: {
  fleet: Fleet
  supervisor: Supervisor
  said: readonly Said[]
  phones: Set<string>
}): Promise<Ledgers> {
  const { fleet, supervisor, said, phones } = options
  const leastMs = fleet.bridges.length === 1 ? PATIENCE_MS : PATIENCE_MS + SETTLING_MS
  for (let moves = 0; ; moves += 1) {
    await supervisor.up()
    const patienceMs = Math.max(leastMs, PATIENCE_STARTS * supervisor.startMs)
    const { isDone, ledgers } = await quiet(fleet, said, phones, patienceMs * (moves + 1))
    if (isDone || moves >= 5) return ledgers
    fleet.clock.ahead(AHEAD_MS)
    await supervisor.restartAll()
  }
}

function isUnderWay({ wasender, chatwoots }: Fleet): boolean {
  return (
    wasender.webhookLog.some(({ outcome }) => outcome === 'pending') ||
    chatwoots.some(({ webhookLog }) => webhookLog.some(({ outcome }) => outcome === 'pending'))
  )
}

/** Entries in all lanes; more than none while the bridge cannot be asked. */
async function waitingIn({ bridge }: Fleet): Promise<number> {
  try {
    const response = await fetch(`${bridge.url}/metrics`, { signal: AbortSignal.timeout(2_000) })
    const lines = (await response.text()).split('\n')
    return lines
      .filter((line) => line.startsWith('bridge_waiting{'))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), response.ok ? 0 : 1)
  } catch {
    // It is being restarted: not quiet.
    return 1
  }
}
