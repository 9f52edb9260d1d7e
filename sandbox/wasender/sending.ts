import { tellOfSend } from './echo.ts'
import type { Outgoing } from './outbox.ts'
import { compose } from './outgoing-content.ts'
import type { Receipts } from './receipts.ts'
import type { Session } from './session.ts'
import type { World } from './state.ts'
import { putOnPhones, targetOf } from './target.ts'

/** What happens after `POST /send-message` was accepted. */
export type Sending = {
  /** Queues the send. Resolves when the request may be answered. */
  start(session: Session, outgoing: Outgoing): Promise<void>
}

/** Sends accepted messages one by one per session, then tells the webhooks (docs/platforms/wasender.md#sending). */
export function createSending(world: World, receipts: Receipts): Sending {
  const { settings, tasks, outbox, webhooks, random, cdn } = world

  async function deliver(session: Session, outgoing: Outgoing): Promise<() => Promise<void>> {
    const chat = targetOf(world, session, outgoing.request.to)
    if (chat === undefined) {
      const error = `Failed to send message: Invalid number JID: ${outgoing.request.to}`
      return fail(session, outgoing, 'invalid WhatsApp number', error)
    }
    const composed = await composeIfConnected(session, outgoing)
    if (typeof composed === 'string') {
      return fail(session, outgoing, composed, `Failed to send message: ${composed}`)
    }
    const keyId = random.keyId('3EB0', 22)
    const sent = Object.assign(outgoing, { keyId, chat, node: composed.node })
    putOnPhones(world, session, sent, composed.seen)
    outbox.settle(sent, { status: 'sent', keyId })
    return () => tellOfSend(world, receipts, session, sent)
  }

  const composeIfConnected = async (session: Session, outgoing: Outgoing) =>
    session.status === 'connected'
      ? await compose(session, outgoing, { cdn, outbox, signal: tasks.signal })
      : 'session was disconnected'

  function fail(session: Session, outgoing: Outgoing, failedReason: string, error: string) {
    outbox.settle(outgoing, { status: 'failed', failedReason, ack: 0 })
    const data = () => ({ success: false, error })
    return () => webhooks.send(session, { event: 'message.sent', data, lane: 'failures' })
  }

  return {
    start: async (session, outgoing) => {
      const { beforeAnswer, after } = settings.echo
      // A moment at least, so that the answer normally leaves before the first webhook does.
      const wait = beforeAnswer ? after : Math.max(1, after)
      const ready = tasks.pause(wait)
      const job = tasks
        .inTurn(`send ${session.id}`, async () => {
          await ready
          return { tell: await deliver(session, outgoing) }
        })
        .then((done) => done.tell())
      if (beforeAnswer) await job
    },
  }
}
