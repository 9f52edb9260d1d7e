import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { type ChatwootStandIn, startChatwootStandIn } from '../../sandbox/chatwoot/server.ts'
import type { ChatwootStandInOptions } from '../../sandbox/chatwoot/stand-in.ts'
import {
  startWasenderStandIn,
  type WasenderStandIn,
  type WasenderStandInOptions,
} from '../../sandbox/wasender/server.ts'
import { type BridgeProcess, clockAhead, startBridgeProcess } from './bridge-process.ts'

export type WorldOptions = {
  wasender?: WasenderStandInOptions
  chatwoot?: ChatwootStandInOptions
  /** `accounts[].options` of the bridge's configuration. */
  options?: Record<string, unknown>
  /** Further keys of the configuration, e.g. `redis`. */
  config?: Record<string, unknown>
  /** What is there before the bridge is started: at both platforms, and in its folder. */
  before?: (parts: Pick<World, 'wasender' | 'chatwoot' | 'dir'>) => Promise<void>
  /** The clock of the bridge is so many ms ahead, behind when negative. */
  aheadMs?: () => number
  /** Gives the account the personal access token, which can manage sessions. */
  withAccessToken?: boolean
  /** Chatwoot does not sign, as before 4.13: the last segment of the webhook's address proves where it comes from. */
  webhookToken?: string
}

/** Both platforms as stand-ins and the real bridge between them. */
export type World = {
  wasender: WasenderStandIn
  chatwoot: ChatwootStandIn
  bridge: BridgeProcess
  dir: string
  configPath: string
  /**
   * Starts the bridge again, on the same port and files, after `bridge.stop()` or `bridge.kill()`; with its clock so many ms
   * ahead.
   */
  restart(aheadMs?: number): Promise<void>
  close(): Promise<void>
}

const WASENDER_SECRET = 'wasender-webhook-secret'
const CHATWOOT_SECRET = 'chatwoot-webhook-secret'

/**
 * Sends are not paced in tests unless a test is about it, and only the customers' conversations are there unless one is
 * about the operator's.
 */
const TEST_OPTIONS = { pace: 0, operatorConversation: false }

export async function startWorld(given: WorldOptions = {}): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'world-'))
  const wasender = await startWasenderStandIn({
    retryMs: 50,
    sessions: [{ webhookSecret: WASENDER_SECRET }],
    ...given.wasender,
  })
  const chatwoot = await startChatwootStandIn({
    inboxes: [{ name: 'WhatsApp', secret: CHATWOOT_SECRET, lockToSingleConversation: true }],
    ...given.chatwoot,
  })
  const configPath = join(dir, 'bridge.yaml')
  await writeFile(configPath, stringify(configFor({ dir, wasender, chatwoot, given })))
  await given.before?.({ wasender, chatwoot, dir })
  const envOf = (aheadMs: number) => (aheadMs === 0 ? {} : clockAhead(aheadMs))
  const bridge = await startBridgeProcess({ configPath, env: envOf(given.aheadMs?.() ?? 0) })

  const world: World = {
    wasender,
    chatwoot,
    bridge,
    dir,
    configPath,
    async restart(aheadMs = 0) {
      const env = envOf(aheadMs + (given.aheadMs?.() ?? 0))
      world.bridge = await startBridgeProcess({ configPath, port: world.bridge.port, env })
    },
    async close() {
      await world.bridge.stop()
      await Promise.all([wasender.close(), chatwoot.close()])
      await rm(dir, { recursive: true, force: true })
    },
  }
  wasender.session().webhookUrl = `${bridge.url}/webhooks/wasender/sales`
  chatwoot.updateInbox(inboxOf(chatwoot).id, {
    webhookUrl: [`${bridge.url}/webhooks/chatwoot/sales`, given.webhookToken ?? []]
      .flat()
      .join('/'),
  })
  return world
}

function configFor(parts: {
  dir: string
  wasender: WasenderStandIn
  chatwoot: ChatwootStandIn
  given: WorldOptions
}) {
  const { dir, wasender, chatwoot, given } = parts
  const inbox = inboxOf(chatwoot)
  return {
    server: { host: '127.0.0.1', port: 0, publicUrl: 'http://127.0.0.1' },
    ...given.config,
    data: { dir: join(dir, 'data'), ...(given.config?.data as object | undefined) },
    accounts: [
      {
        id: 'sales',
        wasender: {
          baseUrl: wasender.apiUrl,
          apiKey: wasender.session().apiKey,
          webhookSecret: wasender.session().webhookSecret,
          ...(given.withAccessToken ? { personalAccessToken: wasender.personalAccessToken } : {}),
        },
        chatwoot: {
          baseUrl: chatwoot.url,
          accountId: 1,
          inboxId: inbox.id,
          apiAccessToken: chatwoot.adminToken,
          ...(given.webhookToken === undefined
            ? { webhookSecret: inbox.secret }
            : { webhookToken: given.webhookToken }),
        },
        options: { ...TEST_OPTIONS, ...given.options },
      },
    ],
  }
}

function inboxOf(chatwoot: ChatwootStandIn) {
  const [inbox] = chatwoot.inboxes()
  if (inbox === undefined) throw new Error('The stand-in has no inbox')
  return inbox
}
