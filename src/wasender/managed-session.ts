import { isNotFound } from './api/classify.ts'
import type { Session } from './session-schema.ts'
import type { Sessions } from './sessions.ts'

/** The account's session as the personal access token sees it, with what its own key may not know. */
export type ManagedSession = {
  /** `undefined` when none of the token's sessions is ours. */
  id(): Promise<number | undefined>
  get(): Promise<Session | undefined>
}

/** Which session it was, kept for the time when its key has changed and finds it no more. */
export type SessionMemory = {
  recall(): number | undefined
  keep(id: number | undefined): void
}

/**
 * Finds our session: by the configured id, or by the API key, which only the answer about a single session contains
 * (docs/platforms/wasender.md#session-settings).
 */
export function createManagedSession(options: {
  sessions: Pick<Sessions, 'list' | 'get'>
  sessionId?: number | undefined
  apiKey: () => string
  memory: SessionMemory
}): ManagedSession {
  const { sessions, sessionId, apiKey, memory } = options

  async function find(): Promise<Session | undefined> {
    for (const { id } of await sessions.list()) {
      const session = await sessions.get(id)
      if (session.apiKey?.trim() !== apiKey().trim()) continue
      memory.keep(id)
      return session
    }
    return undefined
  }

  async function remembered(id: number): Promise<Session | undefined> {
    try {
      return await sessions.get(id)
    } catch (error) {
      if (!isNotFound(error)) throw error
      // It was deleted; the key may belong to the one that took its place.
      memory.keep(undefined)
      return find()
    }
  }

  return {
    id: async () => sessionId ?? memory.recall() ?? (await find())?.id,
    get() {
      if (sessionId !== undefined) return sessions.get(sessionId)
      const known = memory.recall()
      return known === undefined ? find() : remembered(known)
    },
  }
}
