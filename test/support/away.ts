import { join } from 'node:path'
import { startBridgeProcess } from './bridge-process.ts'
import type { Chat } from './chat.ts'

const SHIFT_CLOCK = join(import.meta.dirname, 'shift-clock.ts')

/** Chatwoot's webhooks never leave, and nobody is told. */
export function loseWebhooks({ world }: Chat): void {
  world.chatwoot.setWebhookFaults({ dropRate: 1 })
}

export function deliverWebhooks({ world }: Chat): void {
  world.chatwoot.setWebhookFaults({})
}

/** Starts the bridge again, usually a minute later, when what was written is no longer left to a webhook. */
export async function restartLater({ world }: Chat, shiftMs = 60_000): Promise<void> {
  await world.bridge.stop()
  world.bridge = await startBridgeProcess({
    configPath: world.configPath,
    port: world.bridge.port,
    env: { NODE_OPTIONS: `--import ${SHIFT_CLOCK}`, TEST_CLOCK_SHIFT_MS: String(shiftMs) },
  })
}
