import type { Logger } from '../../src/kernel/log.ts'
import { createDemoApp } from './app.ts'
import { createFeed } from './feed.ts'
import { listenLocally } from './listen.ts'
import { readPage } from './page-files.ts'
import { openStage } from './stage.ts'
import { demoState } from './state.ts'
import { type DemoWorld, startDemoWorld } from './world.ts'

export type Demo = {
  /** Address of the page. */
  url: string
  port: number
  world: DemoWorld
  stop(): Promise<void>
}

/** Where the page is, unless something else is there already. */
const FIRST_PORT = 4400

/** Slow enough to see one tick become two, fast enough not to wait for it. */
const ACK_AFTER_MS = 500

/**
 * Starts bridge, stand-ins and page. Nothing of it outlives `stop()`: the data live in a temporary folder.
 *
 * @throws {ConfigError} when the port is taken or Redis is missing.
 */
export async function startDemo({
  port,
  log,
}: {
  port?: number | undefined
  log: Logger
}): Promise<Demo> {
  const page = await readPage()
  const world = await startDemoWorld({ log, ackAfterMs: ACK_AFTER_MS })
  const feed = createFeed(world)
  const closing = [world.close, async () => feed.close()]
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close()
  }
  try {
    const stage = await openStage(world)
    const app = createDemoApp({ stage, feed, page, state: () => demoState(stage), log })
    const server = await listenLocally(app, { port, from: FIRST_PORT })
    closing.push(server.close)
    return { url: `http://127.0.0.1:${server.port}`, port: server.port, world, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
