import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/kernel/clock.ts'
import type { Logger } from '../../src/kernel/log.ts'
import { startChatwootStandIn } from '../chatwoot/server.ts'
import type { ChatwootStandIn } from '../chatwoot/stand-in.ts'
import { startWasenderStandIn, type WasenderStandIn } from '../wasender/server.ts'
import type { Breakage } from './breakages.ts'
import { type DemoBridge, startDemoBridge } from './bridge.ts'
import { ACCOUNT, demoConfig, inboxOf } from './config.ts'

export type DemoWorldOptions = {
  log: Logger
  /** Milliseconds before each acknowledgement of a send, so that ticks can be watched; 0 when absent. */
  ackAfterMs?: number
  /** Shortest wait before WhatsApp's webhooks are repeated; a second when absent. */
  retryMs?: number
  breakage?: Breakage | undefined
}

/** Both platforms as stand-ins on free ports, and the real bridge between them. */
export type DemoWorld = {
  wasender: WasenderStandIn
  chatwoot: ChatwootStandIn
  bridge: DemoBridge
  /** Of the bridge's admin pages and API; another one each time. */
  adminToken: string
  /** How far the helpdesk's clock is behind, in milliseconds: what is written then was written earlier. */
  helpdeskClock: { behindMs: number }
  /** Stops everything and removes the files. */
  close(): Promise<void>
}

/** Starts the world of the demo and of the tour. What was started is stopped again when a later part fails. */
export async function startDemoWorld(options: DemoWorldOptions): Promise<DemoWorld> {
  const closing: (() => Promise<void>)[] = []
  const close = async () => {
    for (const stop of closing.splice(0).reverse()) await stop()
  }
  try {
    const dir = await mkdtemp(join(tmpdir(), 'wasender-chatwoot-demo-'))
    closing.push(() => rm(dir, { recursive: true, force: true }))
    const { ackAfterMs: ackAfter = 0, retryMs = 1_000, breakage, log } = options
    const wasender = await startWasenderStandIn({ retryMs, echo: { ackAfter } })
    closing.push(wasender.close)
    const helpdeskClock = { behindMs: 0 }
    const chatwoot = await startChatwootStandIn({
      clock: { now: () => systemClock.now() - helpdeskClock.behindMs },
      inboxes: [{ name: 'WhatsApp', lockToSingleConversation: true }],
    })
    closing.push(chatwoot.close)
    const adminToken = randomBytes(24).toString('base64url')
    const parts = { dir, adminToken, wasender, chatwoot, breakage }
    const configFor = (port: number) => demoConfig({ ...parts, port })
    const bridge = await startDemoBridge({ configFor, log })
    closing.push(bridge.stop)
    wasender.session().webhookUrl = `${bridge.url}/webhooks/wasender/${ACCOUNT}`
    const webhookUrl = `${bridge.url}/webhooks/chatwoot/${ACCOUNT}`
    chatwoot.updateInbox(inboxOf(chatwoot).id, { webhookUrl })
    return { wasender, chatwoot, bridge, adminToken, helpdeskClock, close }
  } catch (error) {
    await close()
    throw error
  }
}
