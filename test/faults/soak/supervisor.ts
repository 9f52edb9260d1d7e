import type { Fleet } from '../../support/fleet.ts'

/** Keeps the bridge running, as a container host does, and counts when it ended by itself. */
export type Supervisor = {
  /** SIGKILL, then a new start after `downMs`. Resolves when it is ready again. */
  kill(downMs?: number): Promise<void>
  /** Resolves when the bridge runs. */
  up(): Promise<void>
  /** Why the bridge ended without being told to: its last words. */
  crashes: string[]
  /** The bridge may end from now on. */
  release(): void
}

const START_TRIES = 8

export function createSupervisor(fleet: Fleet): Supervisor {
  const crashes: string[] = []
  let isReleased = false
  let isKilling = false
  let work: Promise<void> = Promise.resolve()
  watch()

  /** Redis may be killed while the bridge starts: whoever runs it starts it once more. */
  async function start(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await fleet.restart()
        return watch()
      } catch (error) {
        if (tries >= START_TRIES) throw error
      }
    }
  }

  function watch(): void {
    const { bridge } = fleet
    void bridge.ended.then(async (how) => {
      if (isReleased || isKilling || fleet.bridge !== bridge) return
      const last = bridge.log.findLast(({ level }) => level >= 50)
      crashes.push(`${how}: ${JSON.stringify(last ?? 'it said nothing')}`)
      work = work.then(start)
    })
  }

  return {
    crashes,
    up: () => work,
    kill(downMs = 0) {
      work = work.then(async () => {
        isKilling = true
        await fleet.bridge.kill()
        isKilling = false
        await new Promise((resolve) => setTimeout(resolve, downMs))
        await start()
      })
      return work
    },
    release: () => {
      isReleased = true
    },
  }
}
