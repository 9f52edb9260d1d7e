import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Feed } from './feed.ts'
import type { DemoState } from './state.ts'

/** Changes come in bursts; a picture of each would be too fast to see. */
const CALM_MS = 30

/** `GET /events`: the state, now and after every change. The browser connects again by itself. */
export function eventStream(c: Context, feed: Feed, state: () => DemoState): Response {
  return streamSSE(c, async (stream) => {
    let changed = Promise.withResolvers<void>()
    const unlisten = feed.listen(() => changed.resolve())
    stream.onAbort(() => {
      unlisten()
      changed.resolve()
    })
    while (!stream.aborted) {
      // Renewed before looking: a change during the look is not missed.
      changed = Promise.withResolvers()
      await stream.writeSSE({ event: 'state', data: JSON.stringify(state()) })
      await changed.promise
      await pause(CALM_MS, undefined, { ref: false })
    }
  })
}
