import type { AccountId } from '../../kernel/ids.ts'
import { createTransport, type OnCall } from '../upstream/transport.ts'
import { createAccountWebhooks } from './api/account-webhooks.ts'
import { createApi } from './api/api.ts'
import { createContacts } from './api/contacts.ts'
import { createConversations } from './api/conversations.ts'
import { createAgents, createInboxes } from './api/inboxes.ts'
import { createMessages } from './api/messages.ts'
import { createPublicApi } from './api/public-api.ts'
import { createServer } from './api/server.ts'
import { createClassify } from './errors/classify.ts'
import { createUpload } from './upload/multipart.ts'

export { isNotFound, isRefusedValue, isTaken } from './errors/classify.ts'

export type ChatwootClientOptions = {
  /** The bridge's account, named in errors. */
  account: AccountId
  /** Origin of the server, with a path when it lives below one. */
  baseUrl: string
  /** Chatwoot's account number. */
  accountId: number
  /** Token of an administrator's profile, or where to ask for it; a bot's token cannot do most of this. */
  apiAccessToken: string | (() => string)
  onCall?: OnCall
  timeoutMs?: number
  fetch?: typeof globalThis.fetch
}

/**
 * Chatwoot's REST API as the bridge uses it. Every method rejects with a `BridgeError`; nothing is retried here.
 *
 * Creates are made once: when their answer is lost they reject with `OutcomeUnknownError`, because Chatwoot knows no
 * idempotency key and would store them again (docs/platforms/chatwoot.md#in-short).
 */
export function createChatwootClient(options: ChatwootClientOptions) {
  const { account, accountId, baseUrl, timeoutMs, fetch } = options
  const token = options.apiAccessToken
  const currentToken = typeof token === 'function' ? token : () => token
  const shared = {
    upstream: 'chatwoot' as const,
    account,
    baseUrl,
    // Spelled with dashes: nginx drops header names with underscores, the commonest cause of 401
    // (docs/platforms/chatwoot.md#token-header). Rails reads both spellings alike.
    headers: () => ({ 'Api-Access-Token': currentToken() }),
    classify: createClassify(account),
    onCall: options.onCall,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(fetch === undefined ? {} : { fetch }),
  }
  const api = createApi({
    account,
    accountId,
    transport: createTransport(shared),
    upload: createUpload(shared),
  })
  return {
    contacts: createContacts(api),
    conversations: createConversations(api),
    messages: createMessages(api),
    inboxes: createInboxes(api),
    agents: createAgents(api),
    webhooks: createAccountWebhooks(api),
    publicApi: createPublicApi(api),
    ...createServer(api),
  }
}

export type ChatwootClient = ReturnType<typeof createChatwootClient>
