import type { Chat } from './chat.ts'

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
  await world.restart(shiftMs)
}
