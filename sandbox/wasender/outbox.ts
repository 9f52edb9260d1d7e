import type { Clock } from '../../src/kernel/clock.ts'
import type { Chat } from './bodies.ts'
import type { Changes } from './changes.ts'
import type { MessageNode } from './nodes.ts'
import type { SendRequest } from './send-request.ts'

/** A message the API was asked to send; a row of the message log. */
export type Outgoing = {
  readonly msgId: number
  readonly sessionId: number
  readonly request: SendRequest
  status: 'in_progress' | 'sent' | 'failed'
  failedReason?: string | undefined
  /** Known once it was sent. */
  keyId?: string | undefined
  chat?: Chat | undefined
  node?: MessageNode | undefined
  /** 0 to 5 (docs/platforms/wasender.md#message-operations). */
  ack: number
  /** Milliseconds since 1970. */
  createdAt: number
  updatedAt: number
}

export type Outbox = {
  accept(sessionId: number, request: SendRequest): Outgoing
  find(msgId: number): Outgoing | undefined
  findByKey(keyId: string): Outgoing | undefined
  /** Newest first, as the log lists them. */
  ofSession(sessionId: number): Outgoing[]
  /** Notes the outcome and tells whoever waits for it. */
  settle(outgoing: Outgoing, outcome: Partial<Outgoing> & { status: 'sent' | 'failed' }): void
}

/** Real ids are global over all customers; starting high keeps them from looking like Chatwoot's. */
const FIRST_MSG_ID = 58_224_349

export function createOutbox(clock: Clock, changes: Changes): Outbox {
  const byMsgId = new Map<number, Outgoing>()
  const byKeyId = new Map<string, Outgoing>()

  return {
    accept: (sessionId, request) => {
      const now = clock.now()
      const outgoing: Outgoing = {
        msgId: FIRST_MSG_ID + byMsgId.size,
        sessionId,
        request,
        status: 'in_progress',
        ack: 1,
        createdAt: now,
        updatedAt: now,
      }
      byMsgId.set(outgoing.msgId, outgoing)
      return outgoing
    },
    find: (msgId) => byMsgId.get(msgId),
    findByKey: (keyId) => byKeyId.get(keyId),
    ofSession: (sessionId) =>
      [...byMsgId.values()].filter((outgoing) => outgoing.sessionId === sessionId).reverse(),
    settle: (outgoing, outcome) => {
      Object.assign(outgoing, outcome, { updatedAt: clock.now() })
      const { msgId, keyId } = outgoing
      if (keyId !== undefined) byKeyId.set(keyId, outgoing)
      changes.emit({ kind: 'outcome', msgId, status: outcome.status, keyId })
    },
  }
}
