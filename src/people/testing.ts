import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChatwootStandIn, startChatwootStandIn } from '../../sandbox/chatwoot/server.ts'
import type { ChatwootStandInOptions } from '../../sandbox/chatwoot/stand-in.ts'
import {
  startWasenderStandIn,
  type WasenderStandIn,
  type WasenderStandInOptions,
} from '../../sandbox/wasender/server.ts'
import type { Account } from '../accounts/account.ts'
import { createAccount } from '../accounts/create-account.ts'
import { accountSchema } from '../config/account-schema.ts'
import { createFileStore } from '../state/store/file-store.ts'
import type { Store } from '../state/store/types.ts'

/** Both platforms, a store and an account between them, without a running bridge. */
export type TestPlatforms = {
  wasender: WasenderStandIn
  chatwoot: ChatwootStandIn
  store: Store
  account: Account
  close(): Promise<void>
}

export async function startPlatforms(
  given: {
    wasender?: WasenderStandInOptions
    chatwoot?: ChatwootStandInOptions
    options?: Record<string, unknown>
  } = {},
): Promise<TestPlatforms> {
  const dir = await mkdtemp(join(tmpdir(), 'identity-'))
  const wasender = await startWasenderStandIn(given.wasender)
  const chatwoot = await startChatwootStandIn(given.chatwoot)
  const store = await createFileStore({ dir })
  const account = await createAccount({
    config: accountSchema.parse({
      id: 'sales',
      wasender: { baseUrl: wasender.apiUrl, apiKey: wasender.session().apiKey, webhookSecret: 'x' },
      chatwoot: {
        baseUrl: chatwoot.url,
        accountId: chatwoot.accountId,
        inboxId: chatwoot.inboxes()[0]?.id,
        apiAccessToken: chatwoot.adminToken,
        webhookSecret: 'x',
      },
      options: given.options ?? {},
    }),
    store,
    clock: { now: () => 1 },
    onCall: () => undefined,
    onError: (error) => {
      throw error
    },
  })
  return {
    wasender,
    chatwoot,
    store,
    account,
    async close() {
      await store.close()
      await Promise.all([wasender.close(), chatwoot.close()])
      await rm(dir, { recursive: true, force: true })
    },
  }
}
