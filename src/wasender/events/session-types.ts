import type { Address } from '../jid.ts'
import type { SessionStatus } from '../session-status.ts'
import type { Addresses } from './addresses.ts'

export type CallEvent = {
  type: 'call'
  id: string
  caller: Addresses
  group?: Address
  /** Lower case: offer, ringing, timeout, reject, accept, terminate. */
  status: string
  isGroup: boolean
  isVideo: boolean
  at?: number
}

export type SessionStatusEvent = {
  type: 'session-status'
  status: SessionStatus
  reason?: string
}

/** A login secret: show it to the operator, keep it nowhere. */
export type QrEvent = { type: 'qr'; qr: string }

/** Progress of linking by passkey. The token is left out: linking is finished at WasenderAPI. */
export type PasskeyEvent = {
  type: 'passkey'
  stage: string
  requestId?: string
  code?: string
  error?: string
  expiresAt?: number
}
