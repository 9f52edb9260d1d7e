import type { BridgeProcess, LogLine } from '../../support/bridge-process.ts'
import type { Fleet } from '../../support/fleet.ts'

/** Runs the bridges as a process manager does: starts them again whenever they end. */
export type Supervisor = {
  /** SIGKILL of one bridge, then a new start after `downMs`. Resolves when it is ready again. */
  kill(index: number, downMs?: number): Promise<void>
  /** SIGTERM of all bridges at once, then a new start. */
  restartAll(): Promise<void>
  /** Resolves when all bridges run. */
  up(): Promise<void>
  /** Why bridges ended without being told to: their last words. */
  crashes: string[]
  /** What all bridges have logged since it was asked last, each process after the other. */
  takeLog(): LogLine[]
  /** How long the last start of a bridge took, in ms: how busy the machine is. */
  readonly startMs: number
  /** The bridges may end from now on. */
  release(): void
}

const START_TRIES = 8

export function createSupervisor(fleet: Fleet): Supervisor {
  const crashes: string[] = []
  let isReleased = false
  let startMs = 0
  let processes: BridgeProcess[] = []
  const kept = fleet.bridges.map((_, index) => keep(index))

  function keep(index: number) {
    let isKilling = false
    let work: Promise<void> = Promise.resolve()
    watch()

    /** Redis may be killed while the bridge starts: whoever runs it starts it once more. */
    async function start(): Promise<void> {
      for (let tries = 1; ; tries += 1) {
        const began = performance.now()
        try {
          await fleet.restart({}, index)
          startMs = performance.now() - began
          return watch()
        } catch (error) {
          if (tries >= START_TRIES) throw error
        }
      }
    }

    function watch(): void {
      const bridge = fleet.bridges[index]
      if (bridge !== undefined) processes.push(bridge)
      void bridge?.ended.then(async (how) => {
        if (isReleased || isKilling || fleet.bridges[index] !== bridge) return
        const last = bridge.log.findLast(({ level }) => level >= 50)
        crashes.push(`${how}: ${JSON.stringify(last ?? 'it said nothing')}`)
        work = work.then(start)
      })
    }

    async function stopNow(): Promise<void> {
      isKilling = true
      await fleet.bridges[index]?.stop()
      isKilling = false
      await start()
    }

    async function killNow(downMs: number): Promise<void> {
      // What is in the spool of a dead bridge cannot be sorted into what the others deliver (docs/guarantees.md).
      if (fleet.bridges.length > 1) await fleet.played(index)
      isKilling = true
      await fleet.bridges[index]?.kill()
      isKilling = false
      await new Promise((resolve) => setTimeout(resolve, downMs))
      await start()
    }

    return {
      up: () => work,
      restart() {
        work = work.then(stopNow)
        return work
      },
      kill(downMs: number) {
        work = work.then(() => killNow(downMs))
        return work
      },
    }
  }

  const all = async (what: (one: (typeof kept)[number]) => Promise<void>): Promise<void> => {
    await Promise.all(kept.map(what))
  }
  return {
    crashes,
    get startMs() {
      return startMs
    },
    up: () => all((one) => one.up()),
    kill: async (index, downMs = 0) => kept[index % kept.length]?.kill(downMs),
    restartAll: () => all((one) => one.restart()),
    takeLog() {
      const lines = processes.flatMap(({ log }) => log.splice(0))
      processes = [...fleet.bridges]
      return lines
    },
    release: () => {
      isReleased = true
    },
  }
}
