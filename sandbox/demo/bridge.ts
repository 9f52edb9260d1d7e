import type { BridgeConfig } from '../../src/config/schema.ts'
import type { Logger } from '../../src/kernel/log.ts'
import { type RunningBridge, startBridge } from '../../src/main.ts'
import { freePort } from '../free-port.ts'

/** The real bridge in this process, which may go away and come back on the same port and files. */
export type DemoBridge = {
  /** Origin, without a trailing slash. */
  readonly url: string
  isRunning(): boolean
  start(): Promise<void>
  stop(): Promise<void>
}

/** Starts the bridge. `configFor` gets the port, the same each time: its own address is in the configuration. */
export async function startDemoBridge({
  configFor,
  log,
}: {
  configFor: (port: number) => BridgeConfig
  log: Logger
}): Promise<DemoBridge> {
  const port = await freePort()
  let running: RunningBridge | undefined = await startBridge({ config: configFor(port), log })
  return {
    url: `http://127.0.0.1:${port}`,
    isRunning: () => running !== undefined,
    async start() {
      running ??= await startBridge({ config: configFor(port), log })
    },
    async stop() {
      const bridge = running
      running = undefined
      await bridge?.stop()
    },
  }
}
