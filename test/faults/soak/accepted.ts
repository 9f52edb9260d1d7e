import type { Fleet, FleetAccount } from '../../support/fleet.ts'

/** The events that carry a message itself; receipts of it do not count. */
const CARRIES_MESSAGE = new Set([
  'messages.upsert',
  'messages.received',
  'messages-personal.received',
])

/** Which webhooks the bridge has answered 2xx, looked up in the logs of the stand-ins. */
export type Acceptance = {
  /** A message of WhatsApp, by its key id. */
  written(keyId: string): boolean
  /** A message of an agent, by Chatwoot's id. */
  replied(account: FleetAccount, messageId: number): boolean
}

export function createAcceptance({ wasender }: Pick<Fleet, 'wasender'>): Acceptance {
  return {
    written: (keyId) =>
      wasender.webhookLog.some(
        ({ event, outcome, body }) =>
          outcome === 'delivered' &&
          CARRIES_MESSAGE.has(event) &&
          JSON.stringify(body).includes(`"id":"${keyId}"`),
      ),
    replied: ({ chatwoot }, messageId) =>
      chatwoot.webhookLog.some(
        ({ event, outcome, payload }) =>
          event === 'message_created' && outcome === 'delivered' && payload.id === messageId,
      ),
  }
}
