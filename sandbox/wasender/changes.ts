import { EventEmitter } from 'node:events'
import type { ApiCall } from './calls.ts'
import type { PhoneMessage } from './phones.ts'
import type { SessionStatus } from './session.ts'
import type { WebhookDelivery } from './webhooks.ts'

/** Everything that can happen in the stand-in; also the events of `GET /_sandbox/events`. */
export type Change =
  | { kind: 'message'; phone: string; message: PhoneMessage }
  | { kind: 'message-changed'; phone: string; message: PhoneMessage }
  | { kind: 'outcome'; msgId: number; status: 'sent' | 'failed'; keyId?: string | undefined }
  | { kind: 'ack'; keyId: string; status: number }
  | { kind: 'presence'; sessionId: number; jid: string; type: string }
  | { kind: 'session'; sessionId: number; status: SessionStatus; qr?: string | undefined }
  | { kind: 'call'; call: ApiCall }
  | { kind: 'webhook'; delivery: WebhookDelivery }

export type Changes = {
  emit(change: Change): void
  /** Returns the function that ends the subscription. */
  subscribe(listener: (change: Change) => void): () => void
}

export function createChanges(): Changes {
  const emitter = new EventEmitter()
  // One listener per waiting test and open page: no fixed number is a leak here.
  emitter.setMaxListeners(0)
  return {
    emit: (change) => void emitter.emit('change', change),
    subscribe: (listener) => {
      emitter.on('change', listener)
      return () => void emitter.off('change', listener)
    },
  }
}

/** A change as the live page gets it: without secrets and without the raw WhatsApp message. */
export function changeView(change: Change): Record<string, unknown> {
  if (change.kind === 'webhook') {
    const { body: _body, ...delivery } = change.delivery
    return { ...change, delivery }
  }
  if ('message' in change) {
    const { node: _node, ...message } = change.message
    return { ...change, message }
  }
  return change
}
