import { z } from 'zod'
import { type AccountWebhook, accountWebhookSchema } from '../shapes/inbox.ts'
import type { Api } from './api.ts'

/** Events an account webhook can subscribe to (docs/platforms/chatwoot.md#account-webhooks). */
export type Subscription =
  | 'conversation_created'
  | 'conversation_updated'
  | 'conversation_status_changed'
  | 'conversation_typing_on'
  | 'conversation_typing_off'
  | 'message_created'
  | 'message_updated'
  | 'contact_created'
  | 'contact_updated'
  | 'inbox_created'
  | 'inbox_updated'
  | 'webwidget_triggered'

export type WebhookFields = {
  /** Unique per account. */
  url: string
  name?: string
  subscriptions: readonly [Subscription, ...Subscription[]]
}

const one = z
  .object({ payload: z.object({ webhook: accountWebhookSchema }) })
  .transform(({ payload }) => payload.webhook)

const all = z
  .object({ payload: z.object({ webhooks: z.array(accountWebhookSchema) }) })
  .transform(({ payload }) => payload.webhooks)

/** Account webhooks; administrators only. A URL in use makes `isTaken(error, 'url')` true. */
export function createAccountWebhooks(api: Api) {
  return {
    list: (): Promise<AccountWebhook[]> =>
      api.request(
        { operation: 'list-webhooks', method: 'get', path: 'webhooks', effect: 'repeatable' },
        all,
      ),

    create: (webhook: WebhookFields): Promise<AccountWebhook> =>
      api.request(
        {
          operation: 'create-webhook',
          method: 'post',
          path: 'webhooks',
          json: { webhook },
          effect: 'once',
        },
        one,
      ),

    update: (id: number, webhook: Partial<WebhookFields>): Promise<AccountWebhook> =>
      api.request(
        {
          operation: 'update-webhook',
          method: 'patch',
          path: `webhooks/${id}`,
          json: { webhook },
          effect: 'repeatable',
        },
        one,
      ),

    remove: (id: number): Promise<void> =>
      api.send({
        operation: 'delete-webhook',
        method: 'delete',
        path: `webhooks/${id}`,
        effect: 'repeatable',
      }),
  }
}

export type AccountWebhooksApi = ReturnType<typeof createAccountWebhooks>
