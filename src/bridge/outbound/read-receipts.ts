import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { ChatId } from '../../kernel/ids.ts'
import type { MessageKey } from '../../platforms/wasender/messages.ts'
import type { Entry } from '../../queue/entry.ts'
import { bestEffort } from '../../queue/lane-worker.ts'
import type { Dispatch } from '../../queue/queue.ts'
import type { OutEvent } from '../events.ts'
import type { Unread } from '../inbound/after-post.ts'
import type { MarkReadEvent } from '../inbound/inbound-events.ts'

/** Blue ticks are a courtesy: a gateway that refuses them again and again is left in peace. */
const ATTEMPTS = 5

/** Blue ticks on the customer's messages, once an agent has answered (option `readReceipts`). */
export function createReadReceipts(deps: { unread: Unread; dispatch: Dispatch; clock: Clock }) {
  const { unread, clock } = deps

  return {
    /** An agent's message was taken by WhatsApp: asks durably for the ticks, in a lane that holds up nothing else. */
    async answered(account: Account, chat: ChatId, { sender }: OutEvent): Promise<void> {
      // Nobody has read anything when a bot or an automation answers.
      if (account.options.readReceipts === 'off' || sender?.kind !== 'user') return
      const event: MarkReadEvent = { type: 'mark-read', chat }
      const lane = { direction: 'status', account: account.id, key: `read:${chat}` } as const
      await deps.dispatch.post([{ lane, order: 0, receivedAt: clock.now(), event }])
    },

    /** Gives the ticks. Each message that got them is forgotten, so an attempt goes on where the last one broke off. */
    async handle(account: Account, entry: Entry, { chat }: MarkReadEvent): Promise<void> {
      for (const key of await unread.list(account.id, chat)) {
        if (canBeMarked(key)) {
          await bestEffort(entry, ATTEMPTS, () => account.wasender.messages.markRead(key))
        }
        await unread.remove(account.id, chat, key.id)
      }
    },
  }
}

export type ReadReceipts = ReturnType<typeof createReadReceipts>

/** WhatsApp takes a read mark in a group only together with the author. */
function canBeMarked(key: MessageKey): boolean {
  return !key.remoteJid.endsWith('@g.us') || key.participant !== undefined
}
