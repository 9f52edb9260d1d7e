import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from './support/world.ts'

let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.close())

/** A message as WhatsApp tells it, with any address at all. */
function emit(id: string, remoteJid: string, fromMe: boolean, text: string) {
  const messages = {
    key: { id, remoteJid, fromMe },
    messageTimestamp: Math.floor(Date.now() / 1000),
    message: { conversation: text },
  }
  return world.wasender.emit(world.wasender.session().id, 'messages.upsert', { messages })
}

const posted = (keyId: string) =>
  world.chatwoot.waitFor(() =>
    world.chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId),
  )

async function ignored(): Promise<number> {
  const metrics = await (await fetch(`${world.bridge.url}/metrics`)).text()
  const lines = metrics.match(/^bridge_messages_total\{.*result="ignored".*\} \d+$/gm) ?? []
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

describe('the chat with ourselves', () => {
  it('is ignored by number and by LID, and counted', async () => {
    const { wasender, chatwoot } = world
    const { phoneNumber, lid } = wasender.session()
    await emit('3EB0SELFNUMBER0001', `${phoneNumber.replace('+', '')}@s.whatsapp.net`, true, 'Milk')
    await emit(
      '3EB0SELFDEVICE0002',
      `${phoneNumber.replace('+', '')}:3@s.whatsapp.net`,
      true,
      'Eggs',
    )
    await emit('3EB0SELFLID0000003', `${lid}@lid`, true, 'Bread')
    await emit('3EB0CUSTOMER000004', '15550001111@s.whatsapp.net', true, 'On its way')
    await posted('3EB0CUSTOMER000004')
    await expect.poll(ignored).toBe(3)
    expect(chatwoot.contacts()).toMatchObject([{ phoneNumber: '+15550001111' }])
    expect(chatwoot.allMessages()).toHaveLength(1)
  })
})

describe('a person with several devices', () => {
  it('is one person, whichever device writes', async () => {
    await emit('3EB0DEVICE00000001', '15550001111:7@s.whatsapp.net', false, 'From the tablet')
    const first = await posted('3EB0DEVICE00000001')
    await emit('3EB0DEVICE00000002', '15550001111@s.whatsapp.net', false, 'From the phone')
    const second = await posted('3EB0DEVICE00000002')
    expect(second.conversationId).toBe(first.conversationId)
    expect(world.chatwoot.contacts()).toMatchObject([{ phoneNumber: '+15550001111' }])
  })
})
