import { setTimeout as pause } from 'node:timers/promises'
import { sampleFile } from '../../../src/content/media/outbound/testing.ts'
import type { Fleet } from '../../support/fleet.ts'

/** A webhook as a platform really sent it. */
export type Body = { platform: 'wasender' | 'chatwoot'; body: unknown }

/** Lets both sides do one of everything and gives all webhooks of it, each event and kind once. */
export async function realBodies(fleet: Fleet): Promise<Body[]> {
  const { wasender, accounts } = fleet
  const { chatwoot, accountId } = accounts[0]!
  const phone = '+15550001111'
  const maria = wasender.person({ phone, lid: '189975000000001', name: 'Maria' })
  const first = maria.sendText('Hello')
  maria.sendMedia('image', sampleFile('image/jpeg', 500), {
    mimetype: 'image/jpeg',
    caption: 'See',
  })
  maria.sendMedia('document', sampleFile('application/pdf', 500), {
    mimetype: 'application/pdf',
    fileName: 'offer.pdf',
  })
  maria.sendLocation({ latitude: 52.52, longitude: 13.4, name: 'Here' })
  maria.sendContact({ name: 'Paul', phone: '+15550003333' })
  maria.sendPoll({ question: 'Which?', options: ['A', 'B'], multiSelect: false })
  maria.reply(first.keyId, 'And?')
  maria.react(first.keyId, '👍')
  maria.edit(first.keyId, 'Hello!')
  maria.revoke(maria.sendText('Oops').keyId)
  await maria.call()
  await maria.rename('Maria L.')
  wasender.owner.typeOnPhone(phone, 'One moment')
  const group = wasender.group({ subject: 'Team', participants: [phone] })
  maria.inGroup(group.jid).sendText('Hi all')

  await chatwoot.waitFor(() => chatwoot.allMessages().length >= 8, { timeoutMs: 20_000 })
  const agent = chatwoot.agent({ accountId })
  const { id } = await agent.reply(1, 'Dear **Maria**')
  const attachments = [
    { filename: 'a.png', contentType: 'image/png', bytes: sampleFile('image/png') },
  ]
  await agent.reply(1, 'With a file', { attachments })
  await agent.reply(1, 'Between us', { private: true })
  agent.type(1)
  agent.resolve(1)
  agent.reopen(1)
  agent.deleteMessage(id)
  await pause(1_500)
  await chatwoot.settled()
  return [
    ...different(wasender.webhookLog.map(({ body }) => body)).map(
      (body): Body => ({ platform: 'wasender', body }),
    ),
    ...different(chatwoot.webhookLog.map(({ payload }) => payload)).map(
      (body): Body => ({ platform: 'chatwoot', body }),
    ),
  ]
}

/** One body of each shape: the names of all its fields, without their values. */
function different(bodies: readonly unknown[]): unknown[] {
  const byShape = new Map<string, unknown>()
  for (const body of bodies) {
    const names = new Set(JSON.stringify(body).match(/"[a-z_A-Z]+":/g))
    const event = (body as { event?: string }).event ?? ''
    byShape.set(`${event} ${[...names].sort().join()}`, body)
  }
  return [...byShape.values()]
}
