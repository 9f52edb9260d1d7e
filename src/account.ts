import type { ChatwootClient } from './chatwoot/client.ts'
import type { InboxFacts } from './chatwoot/inbox-facts.ts'
import type { AccountOptions } from './config/schema.ts'
import type { AccountId, InboxId } from './ids.ts'
import type { Texts } from './locale/index.ts'
import type { WasenderClient } from './wasender/client.ts'

/**
 * One WasenderAPI session tied to one Chatwoot inbox, with its own clients. Everything that differs from account to
 * account is in here and handed along, never kept in a shared object.
 */
export type Account = {
  id: AccountId
  inboxId: InboxId
  options: AccountOptions
  texts: Texts
  wasender: WasenderClient
  chatwoot: ChatwootClient
  /** What Chatwoot says about the inbox and itself, kept for a while. */
  inbox: InboxFacts
}
