import { jidOf, plainKey, updateData } from './bodies.ts'
import type { Profile } from './directory.ts'
import type { Outgoing } from './outbox.ts'
import type { World } from './state.ts'
import type { Variant } from './variant.ts'
import { laneOf } from './wire.ts'

/** Tells the webhooks how far a message of ours has come. */
export type Receipts = {
  /** `messages.update` with a status (docs/platforms/wasender.md#message-operations). */
  status(sent: Outgoing, status: number, variant?: Variant): Promise<void>
  /** `message-receipt.update` of one member of a group: 3 delivered, 4 read. */
  member(sent: Outgoing, who: Profile, status: number, variant?: Variant): Promise<void>
}

type Parts = Pick<World, 'webhooks' | 'sessions' | 'changes' | 'clock' | 'phones' | 'settings'>

export function createReceipts({ webhooks, sessions, changes, clock, phones, settings }: Parts) {
  function note(sent: Outgoing, keyId: string, status: number): void {
    sent.ack = Math.max(sent.ack, status)
    if (status >= 4) phones.change(keyId, { readAt: clock.now() })
    changes.emit({ kind: 'ack', keyId, status })
  }

  const formOf = (variant: Variant = {}): Variant => ({
    addressing: settings.echo.addressing,
    ...variant,
  })

  const receipts: Receipts = {
    status: async (sent, status, variant) => {
      const { keyId, chat } = sent
      const session = sessions.find(sent.sessionId)
      if (keyId === undefined || chat === undefined || session === undefined) return
      note(sent, keyId, status)
      await webhooks.send(session, {
        event: 'messages.update',
        data: (form) =>
          updateData(plainKey({ keyId, chat, sender: undefined }, form), { status }, form),
        lane: laneOf(chat),
        variant: formOf(variant),
      })
    },
    member: async (sent, who, status, variant) => {
      const { keyId, chat } = sent
      const session = sessions.find(sent.sessionId)
      if (keyId === undefined || chat === undefined || session === undefined) return
      note(sent, keyId, status)
      const at = Math.floor(clock.now() / 1000)
      const time = status >= 4 ? { readTimestamp: at } : { receiptTimestamp: at }
      await webhooks.send(session, {
        event: 'message-receipt.update',
        data: (form) => {
          const participant = jidOf(who, form)
          const key = { ...plainKey({ keyId, chat, sender: undefined }, form), participant }
          return { message: { key, receipt: { userJid: participant, ...time } } }
        },
        lane: laneOf(chat),
        variant: formOf(variant),
      })
    },
  }
  return receipts
}
