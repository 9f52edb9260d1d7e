import type { MessageEvent } from '../../chatwoot/events.ts'
import type { MessageId } from '../../ids.ts'
import type { NewEntry } from '../lanes/lanes.ts'
import { isDeleted } from '../outbound/due.ts'

/**
 * Chatwoot's webhooks overtake each other by a few jobs (docs/platforms/chatwoot.md#delivery). A message waits this
 * long, so that an earlier one which is still on its way goes first; message ids tell the order.
 */
const SETTLE_MS = 250

/**
 * A deletion goes before the message it belongs to, should that still be waiting, and behind everything older. Ids are
 * integers, so there is room.
 */
const BEFORE_ITSELF = 0.5

/** Where the deletion of a message stands. */
export function deletionOrder(id: MessageId): number {
  return id - BEFORE_ITSELF
}

/** Where in its lane something stands that happened to an agent's message. */
export function placeOf(event: MessageEvent): Pick<NewEntry, 'order' | 'settleMs' | 'urgent'> {
  return isDeleted(event)
    ? { order: deletionOrder(event.id), urgent: true }
    : { order: event.id, settleMs: SETTLE_MS }
}
