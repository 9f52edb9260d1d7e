import type { Clock } from '../clock.ts'
import type { AccountConfig } from '../config/schema.ts'
import type { OnCall } from '../upstream/transport.ts'
import { createWasenderClient } from '../wasender/client.ts'
import { createManagedSession, type ManagedSession } from '../wasender/managed-session.ts'
import type { OnRefused } from '../wasender/token-api.ts'
import { createAskSession } from './ask-session.ts'
import { changedCredentials, configuredCredentials } from './configured-credentials.ts'
import { type Credentials, createCredentials } from './credentials.ts'
import { createRefresh, type Refresh } from './refresh.ts'
import { createSessionMemory, type RememberedSession } from './session-memory.ts'

/** An account's credentials, and what keeps those of the WhatsApp session up to date. */
export type AccountCredentials = {
  credentials: Credentials
  /** For webhooks that do not match. */
  refreshSession: Refresh
  onKeyRefused: OnRefused
  /** `undefined` while there is no personal access token. */
  managedSession: () => ManagedSession | undefined
  /** Finds the session while its key is the configured one, so that it is known when the key has changed. */
  findSession: () => void
  /** Takes over the credentials that differ from those configured before. */
  configure: (config: AccountConfig) => void
}

export function createAccountCredentials(deps: {
  config: AccountConfig
  remembered?: RememberedSession | undefined
  onKept?: ((session: RememberedSession | undefined) => void) | undefined
  clock: Clock
  onCall?: OnCall | undefined
  onError: (error: unknown) => void
}): AccountCredentials {
  const { config, clock, onCall, onError } = deps
  const { id, wasender } = config
  let configured = config
  const credentials = createCredentials({ initial: configuredCredentials(config), clock })
  const apiKey = () => credentials.now().apiKey
  // A client of its own, whose refused key starts no refresh: it is what a refresh asks with.
  const { sessions, session } = createWasenderClient({
    account: id,
    baseUrl: wasender.baseUrl,
    apiKey,
    personalAccessToken: () => credentials.now().personalAccessToken,
    routes: wasender.routes,
    onCall,
  })
  const managed = createManagedSession({
    sessions,
    sessionId: wasender.sessionId,
    apiKey,
    memory: createSessionMemory({
      configuredKey: () => configured.wasender.apiKey,
      remembered: deps.remembered,
      onKept: deps.onKept,
    }),
  })
  const managedSession = () =>
    credentials.now().personalAccessToken === undefined ? undefined : managed
  const ask = createAskSession({ account: id, managed: managedSession, own: session, credentials })
  // Apart, so that strangers' webhooks cannot keep a refused key from being looked up.
  const refreshKey = createRefresh({ ask, clock, onError })

  const findSession = () => void managedSession()?.id().catch(onError)

  return {
    credentials,
    managedSession,
    findSession,
    refreshSession: createRefresh({ ask, clock, onError }),
    async onKeyRefused(used) {
      if (apiKey() === used) await refreshKey()
      return apiKey() !== used
    },
    configure(next) {
      const news = changedCredentials(configured, next)
      configured = next
      credentials.learn(news)
      if (Object.keys(news).length > 0) findSession()
    },
  }
}
