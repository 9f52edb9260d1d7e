import type { Session } from './session-schema.ts'
import type { Sessions } from './sessions.ts'

/** The account's session as the personal access token sees it, with what its own key may not know. */
export type ManagedSession = {
  /** `undefined` when none of the token's sessions is ours. */
  id(): Promise<number | undefined>
  get(): Promise<Session | undefined>
}

/** Which session is ours says the configuration, else the API key, which only the single view holds (section 6.2). */
export function createManagedSession(options: {
  sessions: Pick<Sessions, 'list' | 'get'>
  sessionId?: number | undefined
  apiKey: string
}): ManagedSession {
  const { sessions, apiKey } = options
  let ours = options.sessionId

  async function find(): Promise<Session | undefined> {
    for (const { id } of await sessions.list()) {
      const session = await sessions.get(id)
      if (session.apiKey !== apiKey.trim()) continue
      ours = id
      return session
    }
    return undefined
  }

  return {
    id: async () => ours ?? (await find())?.id,
    get: () => (ours === undefined ? find() : sessions.get(ours)),
  }
}
