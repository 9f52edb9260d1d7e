import { z } from 'zod'
import { readCredential } from '../../../kernel/credential.ts'
import type { InboxId } from '../../../kernel/ids.ts'
import {
  type Attributes,
  attributes,
  compact,
  field,
  flag,
  inboxId,
  positiveInteger,
  text,
} from './lenient.ts'

/** An inbox as an administrator sees it (docs/platforms/chatwoot.md#inboxes). */
export type Inbox = {
  id: InboxId
  name: string
  /** `Channel::Api` is the only kind the bridge can use. */
  channelType: string
  /** Where Chatwoot posts its events. */
  webhookUrl?: string
  /** Addresses the inbox in the public API. */
  inboxIdentifier?: string
  lockToSingleConversation: boolean
  additionalAttributes: Attributes
  /** Signing key of its webhooks: administrators only, Chatwoot 4.13 and later. Never log it. */
  secret?: string
}

export const inboxSchema = z
  .object({
    id: inboxId,
    name: text,
    channel_type: text,
    webhook_url: text,
    inbox_identifier: text,
    lock_to_single_conversation: flag,
    additional_attributes: attributes,
    secret: field(readCredential),
  })
  .transform(
    (raw): Inbox =>
      compact({
        id: raw.id,
        name: raw.name ?? '',
        channelType: raw.channel_type ?? '',
        webhookUrl: raw.webhook_url,
        inboxIdentifier: raw.inbox_identifier,
        lockToSingleConversation: raw.lock_to_single_conversation,
        additionalAttributes: raw.additional_attributes,
        secret: raw.secret,
      }),
  )

/** An account webhook (docs/platforms/chatwoot.md#account-webhooks). */
export type AccountWebhook = {
  id: number
  url: string
  name?: string
  subscriptions: string[]
  /** Signing key, Chatwoot 4.12 and later. Never log it. */
  secret?: string
}

export const accountWebhookSchema = z
  .object({
    id: positiveInteger,
    url: text,
    name: text,
    subscriptions: z.array(z.string()).catch([]),
    secret: field(readCredential),
  })
  .transform(
    (raw): AccountWebhook =>
      compact({
        id: raw.id,
        url: raw.url ?? '',
        name: raw.name,
        subscriptions: raw.subscriptions,
        secret: raw.secret,
      }),
  )
