import type { Was } from './changes.ts'
import { related } from './lookups.ts'
import type { World } from './state.ts'
import type { Json, Message, MessageStatus } from './types.ts'

const STATUSES: readonly string[] = ['sent', 'delivered', 'read', 'failed']

/**
 * A status report. Unknown values and read → delivered are ignored without an error; every other transition is taken,
 * backwards ones too (docs/platforms/chatwoot.md#message-status).
 */
export function reportStatus(
  world: World,
  message: Message,
  status: string | undefined,
  externalError?: string | null,
): void {
  if (status === undefined || !STATUSES.includes(status)) return
  if (message.status === 'read' && status === 'delivered') return
  const error = status === 'failed' ? (externalError ?? null) : null
  saveMessage(world, message, {
    status: status as MessageStatus,
    contentAttributes: withError(message.contentAttributes, error),
  })
}

/** Setting null leaves no key behind where there was none, and a null where there was a text. */
function withError(attributes: Json, error: string | null): Json {
  const before = attributes.external_error ?? null
  return before === error ? attributes : { ...attributes, external_error: error }
}

/** Stores values; announces `message_updated` when something changed. */
export function saveMessage(
  world: World,
  message: Message,
  values: Partial<Message>,
  was?: Was,
): void {
  const before = JSON.stringify(message)
  Object.assign(message, values)
  if (JSON.stringify(message) === before) return
  message.updatedAt = world.clock.now()
  related(world.conversations, message.conversationPk).updatedAt = message.updatedAt
  world.emit({ event: 'message_updated', messageId: message.id, ...(was && { was }) })
}

/** Soft delete: the id, the status and the source id stay (docs/platforms/chatwoot.md#deletion-and-retry). */
export function softDelete(world: World, message: Message): void {
  saveMessage(world, message, {
    content: 'This message was deleted',
    contentType: 'text',
    contentAttributes: { deleted: true },
    attachments: [],
  })
}

/**
 * What the Retry button does: two saves, so two webhooks, and nothing is sent by Chatwoot itself. Since 4.17 only for
 * failed messages (docs/platforms/chatwoot.md#deletion-and-retry).
 */
export function retryMessage(world: World, message: Message): void {
  if (world.has('guardedRetry') && message.status !== 'failed') return
  const contentAttributes = withError(message.contentAttributes, null)
  const was = { message: { contentAttributes } }
  saveMessage(world, message, { status: 'sent', contentAttributes }, was)
  saveMessage(world, message, { contentAttributes: {} })
}
