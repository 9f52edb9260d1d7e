import { threadOf } from './lookups.ts'
import type { World } from './state.ts'
import type { Conversation, Json } from './types.ts'

/**
 * Resolves a quote on save: both keys are rewritten from the message found in the same conversation, or become null
 * when there is none; `in_reply_to` wins (docs/platforms/chatwoot.md#creating-messages).
 */
export function resolveQuote(world: World, conversation: Conversation, attributes: Json): Json {
  const { in_reply_to: id, in_reply_to_external_id: externalId, ...rest } = attributes
  if (isBlank(id) && isBlank(externalId)) return attributes
  const quoted = threadOf(world, conversation).findLast((message) =>
    isBlank(id) ? message.sourceId === externalId : message.id === Number(id),
  )
  return {
    ...rest,
    in_reply_to: quoted?.id ?? null,
    in_reply_to_external_id: quoted?.sourceId ?? null,
  }
}

const isBlank = (value: unknown) => value === undefined || value === null || value === ''
