import { acknowledged } from './api/acknowledged.ts'
import type { Api } from './api/api.ts'

/**
 * What a chat shows; `available` and `unavailable` are about our own JID
 * (docs/platforms/wasender.md#read-marks-and-typing).
 */
export type PresenceState = 'composing' | 'recording' | 'paused' | 'available' | 'unavailable'

export type PresenceUpdate = {
  jid: string
  state: PresenceState
  /** How long the state is kept up, in milliseconds. */
  delayMs?: number
}

export type Presence = ReturnType<typeof createPresence>

/** Typing and online marks, by the session API key. */
export function createPresence({ api }: { api: Api }) {
  return {
    send: ({ jid, state, delayMs }: PresenceUpdate): Promise<void> =>
      api(
        {
          operation: 'send-presence',
          method: 'post',
          path: 'send-presence-update',
          json: { jid, type: state, delayMs },
          effect: 'repeatable',
        },
        acknowledged,
      ),
  }
}
