import type { AccountOptions } from '../../config/schema.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { WasenderClient } from '../../platforms/wasender/client.ts'
import type { Texts } from '../locale/index.ts'

/** What of an account files depend on. */
export type MediaAccount = {
  id: AccountId
  /** As configured. Files may be fetched from these origins even when they are private. */
  baseUrls: { wasender: string; chatwoot: string }
  options: AccountOptions
  texts: Texts
  wasender: WasenderClient
}
