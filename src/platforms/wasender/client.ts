import { type Clock, systemClock } from '../../kernel/clock.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { OnCall } from '../upstream/transport.ts'
import { type Contacts, createContacts } from './contacts.ts'
import { createGroups, type Groups } from './groups.ts'
import { createMedia, type Media } from './media.ts'
import { createMessages, createPresence, type Messages, type Presence } from './messages.ts'
import { createRouteChoice, type RouteStyle } from './routes.ts'
import { createOwnSession, type OwnSession } from './session.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createTokenApi, type OnRefused, type TokenSource } from './token-api.ts'

export type WasenderClientOptions = {
  account: AccountId
  /** With `/api`, see `correctBaseUrl`. */
  baseUrl: string
  /** Of the session: sending and everything about chats. */
  apiKey: TokenSource
  /** Of the whole WasenderAPI account: session management only. */
  personalAccessToken?: TokenSource | undefined
  /** Told that the API key was refused; a call is made again when it brings another one. */
  onKeyRefused?: OnRefused | undefined
  routes: 'auto' | RouteStyle
  /** What `onRoutes` said in an earlier run. */
  rememberedRoutes?: RouteStyle | undefined
  onRoutes?: ((routes: RouteStyle) => void) | undefined
  onCall?: OnCall | undefined
  /** For calls that carry no file; 20 s when absent. */
  timeoutMs?: number | undefined
  fetch?: typeof globalThis.fetch | undefined
  clock?: Clock
}

/** WasenderAPI for one account, that is for one WhatsApp session. */
export type WasenderClient = {
  messages: Messages
  presence: Presence
  media: Media
  /** The account's own session, by its API key. */
  session: OwnSession
  /**
   * All sessions, by the personal access token; without one every call is a `ConfigError`.
   */
  sessions: Sessions
  contacts: Contacts
  groups: Groups
}

/**
 * A client for every route of the gateway a bridge can use (docs/platforms/wasender.md#routes).
 *
 * It throws the errors of `src/kernel/errors.ts` and never retries. After a `TransientError` the same call
 * may be made again. An `OutcomeUnknownError` comes only from calls whose effect would show twice,
 * and says that it may have happened already.
 *
 * @throws {ConfigError} `wasender.bad_token`
 */
export function createWasenderClient(options: WasenderClientOptions): WasenderClient {
  const shared = { ...options, clock: options.clock ?? systemClock }
  const api = createTokenApi(shared, 'apiKey', options.apiKey, options.onKeyRefused)
  const accountApi = createTokenApi(shared, 'personalAccessToken', options.personalAccessToken)
  const withRoutes = createRouteChoice({
    routes: options.routes,
    remembered: options.rememberedRoutes,
    onRoutes: options.onRoutes,
  })
  return {
    messages: createMessages({ api, withRoutes }),
    presence: createPresence({ api }),
    media: createMedia({ api }),
    session: createOwnSession({ api }),
    sessions: createSessions({ api: accountApi }),
    contacts: createContacts({ api }),
    groups: createGroups({ api }),
  }
}
