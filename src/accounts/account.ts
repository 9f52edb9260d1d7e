import type { AccountConfig, AccountOptions } from '../config/schema.ts'
import type { Texts } from '../content/locale/index.ts'
import type { AccountId, InboxId } from '../kernel/ids.ts'
import type { ChatwootClient } from '../platforms/chatwoot/client.ts'
import type { InboxFacts } from '../platforms/chatwoot/inbox-facts.ts'
import type { WasenderClient } from '../platforms/wasender/client.ts'
import type { ManagedSession } from '../platforms/wasender/sessions.ts'
import type { Breaker } from './breaker.ts'
import type { Credentials, Refresh } from './credentials/account-credentials.ts'

/**
 * One WasenderAPI session tied to one Chatwoot inbox, with its own clients. Everything that differs from account to
 * account is in here and handed along, never kept in a shared object.
 */
export type Account = {
  id: AccountId
  inboxId: InboxId
  options: AccountOptions
  texts: Texts
  /** As configured. Files may be fetched from these origins even when they are private. */
  baseUrls: { wasender: string; chatwoot: string }
  /** Keys and secrets as they are now: all of them may change while the bridge runs. */
  credentials: Credentials
  /** Asks a platform for the secrets its webhooks carry now. */
  refresh: { wasender: Refresh; chatwoot: Refresh }
  /** Takes over changed credentials of its configuration. */
  configure: (config: AccountConfig) => void
  wasender: WasenderClient
  /** Only with a personal access token. */
  readonly managedSession: ManagedSession | undefined
  chatwoot: ChatwootClient
  /** Open while Chatwoot is out of order. */
  chatwootBreaker: Breaker
  /** What Chatwoot says about the inbox and itself, kept for a while. */
  inbox: InboxFacts
}
