import type { Change, WebhookEvent } from './changes.ts'
import { related } from './lookups.ts'
import type { World } from './state.ts'

/** Where a webhook goes: the inbox's callback or an account webhook (docs/platforms/chatwoot.md#kinds-of-webhook). */
export type WebhookTarget =
  | { surface: 'inbox'; inboxId: number }
  | { surface: 'account'; webhookId: number }

/** The callback has a fixed list of events; contacts are for account webhooks only. */
const CALLBACK_EVENTS: ReadonlySet<WebhookEvent> = new Set([
  'conversation_created',
  'conversation_updated',
  'conversation_status_changed',
  'message_created',
  'message_updated',
  'conversation_typing_on',
  'conversation_typing_off',
] as const)

/** Who is told of a change. The inbox an account webhook names does not filter. */
export function targetsOf(world: World, change: Change): WebhookTarget[] {
  const { accountId, inboxId } = placeOf(world, change)
  const inbox = inboxId === undefined ? undefined : world.inboxes.get(inboxId)
  const callback: WebhookTarget[] =
    inbox?.webhookUrl && CALLBACK_EVENTS.has(change.event)
      ? [{ surface: 'inbox', inboxId: inbox.id }]
      : []
  const subscribed = [...world.webhooks.values()]
    .filter((webhook) => webhook.accountId === accountId)
    .filter(({ subscriptions }) => subscriptions.includes(change.event))
    .map(({ id }): WebhookTarget => ({ surface: 'account', webhookId: id }))
  return [...callback, ...subscribed]
}

/** Account and inbox that a change belongs to. */
function placeOf(world: World, change: Change): { accountId: number; inboxId?: number } {
  if ('messageId' in change) return related(world.messages, change.messageId)
  if ('pk' in change) return related(world.conversations, change.pk)
  return { accountId: related(world.contacts, change.contactId).accountId }
}

/** Address and signing key as they are now; undefined when the target is gone. */
export function addressOf(
  world: World,
  target: WebhookTarget,
): { url: string; secret: string | undefined } | undefined {
  if (target.surface === 'account') {
    const webhook = world.webhooks.get(target.webhookId)
    const secret = world.has('accountSignature') ? webhook?.secret : undefined
    return webhook && { url: webhook.url, secret }
  }
  const inbox = world.inboxes.get(target.inboxId)
  const secret = world.has('inboxSignature') ? inbox?.secret : undefined
  return inbox?.webhookUrl ? { url: inbox.webhookUrl, secret } : undefined
}
