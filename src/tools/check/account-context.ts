import type { AccountConfig, BridgeConfig } from '../../config/schema.ts'
import { createChatwootClient } from '../../platforms/chatwoot/client.ts'
import { createWasenderClient } from '../../platforms/wasender/client.ts'
import { createManagedSession } from '../../platforms/wasender/sessions.ts'
import { localAddress } from '../../web/http/listen.ts'
import { type Check, once, outcomeOf } from './check.ts'
import { createClockWatch } from './clock-watch.ts'
import { type Probed, probeHttp } from './http-probe.ts'

/** Short, because somebody is watching; every check may need two calls after one another. */
const CALL_MS = 4000

/** What the checks of one account look at. Every question is asked once, whoever needs the answer. */
export type AccountContext = ReturnType<typeof createAccountContext>

export type AccountCheck = Check<AccountContext>

export function createAccountContext(options: { config: BridgeConfig; account: AccountConfig }) {
  const { config, account } = options
  const gatewayClock = createClockWatch()
  const helpdeskClock = createClockWatch()
  // Made when first asked: a token with impossible characters is refused at once.
  const gateway = once(async () => createGateway(account, gatewayClock.fetch))
  const helpdesk = createHelpdesk(account, helpdeskClock.fetch)

  return {
    account,
    /** How the configuration names the account, e.g. `accounts[0]`. */
    at: `accounts[${config.accounts.indexOf(account)}]`,
    publicUrl: config.server.publicUrl,
    askBridge: (path: string) => askBridge(config, path),
    wasender: {
      status: once(() => outcomeOf(async () => (await gateway()).session.status())),
      /** `undefined` when none of the token's sessions is ours. */
      session: once(() => outcomeOf(async () => createOurs(account, await gateway()).get())),
      sessions: async () => (await gateway()).sessions,
      clock: gatewayClock,
    },
    chatwoot: {
      version: once(() => outcomeOf(helpdesk.version)),
      profile: once(() => outcomeOf(helpdesk.profile)),
      inbox: once(() => outcomeOf(() => helpdesk.inboxes.get(account.chatwoot.inboxId))),
      api: helpdesk,
      clock: helpdeskClock,
    },
  }
}

/** The running bridge on this machine, as an admin; `undefined` where there is no way to ask it. */
async function askBridge({ server }: BridgeConfig, path: string): Promise<Probed | undefined> {
  if (server.adminToken === undefined || server.port === 0) return undefined
  const headers = { Authorization: `Bearer ${server.adminToken}` }
  return probeHttp(`${localAddress(server)}${path}`, { headers })
}

type Fetch = typeof globalThis.fetch

function createGateway({ id, wasender }: AccountConfig, fetch: Fetch) {
  return createWasenderClient({ ...wasender, account: id, timeoutMs: CALL_MS, fetch })
}

function createOurs(
  { wasender }: AccountConfig,
  { sessions }: ReturnType<typeof createWasenderClient>,
) {
  const { sessionId, apiKey } = wasender
  // Looked for once and by its key: which one the bridge remembers does not matter here.
  const memory = { recall: () => undefined, keep: () => undefined }
  return createManagedSession({ sessions, sessionId, apiKey: () => apiKey, memory })
}

function createHelpdesk({ id, chatwoot }: AccountConfig, fetch: Fetch) {
  return createChatwootClient({ ...chatwoot, account: id, timeoutMs: CALL_MS, fetch })
}
