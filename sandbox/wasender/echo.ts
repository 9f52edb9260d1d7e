import { chatJid, messagesData, type WireMessage } from './bodies.ts'
import type { Receipts } from './receipts.ts'
import type { Session } from './session.ts'
import type { EchoSettings } from './settings.ts'
import type { World } from './state.ts'
import type { Sent } from './target.ts'
import type { Variant } from './variant.ts'
import { laneOf } from './wire.ts'

type Step = EchoSettings['order'][number]
/** Resolves once webhooks are queued, to what resolves once they are delivered. */
type Queued = Promise<Promise<void>[]>

/** The webhooks that follow a send, in the order of `echo.order`. Resolves when they are delivered. */
export async function tellOfSend(
  world: World,
  receipts: Receipts,
  session: Session,
  sent: Sent,
): Promise<void> {
  const { never, order, addressing } = world.settings.echo
  const wire: WireMessage = {
    keyId: sent.keyId,
    chat: sent.chat,
    node: sent.node,
    pushName: session.name,
    at: world.clock.now(),
    status: 1,
  }
  const tell = (event: string, data: (form: Variant) => unknown) =>
    world.webhooks.send(session, { event, data, lane: laneOf(sent.chat), variant: { addressing } })
  const steps: Record<Step, () => Queued> = {
    upsert: async () => [tell('messages.upsert', (form) => messagesData(wire, form))],
    sent: async () => [tell('message.sent', (form) => sentData(sent, form))],
    acks: () => acknowledge(world, receipts, sent),
  }
  const told: Promise<void>[] = []
  // Queued one after the other, because the order of queueing is the order of delivery.
  for (const step of order) {
    if (!never || step === 'acks') told.push(...(await steps[step]()))
  }
  await Promise.all(told)
}

/**
 * The docs print the number as it was given here, production often a JID (docs/platforms/wasender.md#sent-or-failed).
 */
function sentData({ keyId, chat, node, msgId, request }: Sent, form: Variant) {
  const remoteJid = request.to.startsWith('+') ? request.to : chatJid(chat, form)
  const message = { key: { id: keyId, fromMe: true, remoteJid }, message: node }
  const extra = { success: true, ...(form.sentMsgId ? { msgId } : {}) }
  return form.sent === 'wrapped' ? { messages: message, ...extra } : { ...message, ...extra }
}

async function acknowledge(world: World, receipts: Receipts, sent: Sent): Queued {
  const { acks, ackAfter, autoRead } = world.settings.echo
  const told: Promise<void>[] = []
  for (const status of autoRead ? [...acks, 4] : acks) {
    await world.tasks.pause(ackAfter)
    told.push(oneAck(world, receipts, sent, status))
  }
  return told
}

/** In a group there is a receipt per member instead of a common one (docs/platforms/wasender.md#group-receipts). */
async function oneAck(world: World, receipts: Receipts, sent: Sent, status: number): Promise<void> {
  const group = 'jid' in sent.chat ? world.groups.find(sent.chat.jid) : undefined
  if (group === undefined || status < 3) return await receipts.status(sent, status)
  const members = [...group.members.keys()].map((phone) => world.directory.find(phone))
  const told = members.map((who) => who && receipts.member(sent, who, status))
  await Promise.all(told)
}
