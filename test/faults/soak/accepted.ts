import type { Fleet, FleetAccount } from '../../support/fleet.ts'
import type { Taken } from '../ledger/types.ts'

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
  /** When it was first taken. */
  taken(keyId: string): Taken | undefined
  /** A message of an agent, by Chatwoot's id. */
  replied(account: FleetAccount, messageId: number): boolean
}

export function createAcceptance({ wasender }: Pick<Fleet, 'wasender'>): Acceptance {
  const deliveriesOf = (keyId: string) =>
    wasender.webhookLog.filter(
      ({ event, outcome, body }) =>
        outcome === 'delivered' &&
        CARRIES_MESSAGE.has(event) &&
        JSON.stringify(body).includes(`"id":"${keyId}"`),
    )
  return {
    written: (keyId) => deliveriesOf(keyId).length > 0,
    taken: (keyId) =>
      deliveriesOf(keyId)
        .flatMap(({ taken }) => taken ?? [])
        .toSorted((a, b) => a.to - b.to)[0],
    replied: ({ chatwoot }, messageId) =>
      chatwoot.webhookLog.some(
        ({ event, outcome, payload }) =>
          event === 'message_created' && outcome === 'delivered' && payload.id === messageId,
      ),
  }
}
