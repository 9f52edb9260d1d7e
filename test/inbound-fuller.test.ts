import { afterEach, describe, expect, it } from 'vitest'
import type { MessageNode } from '../sandbox/wasender/nodes.ts'
import { arrived, quoting } from './support/arrived.ts'
import { startWorld, type World } from './support/world.ts'

const PHONE = '+12025550151'
let world: World
afterEach(() => world.close())

const person = () => world.wasender.person({ phone: PHONE, lid: '21000000000051', name: 'Una' })

/** Waits until whatever was said before is through, by something said behind it. */
async function settled(): Promise<void> {
  await arrived(world, person().sendText('marker').keyId)
  await world.chatwoot.settled()
}

/** Every event name under which one message comes. */
const NAMES = ['messages.received', 'messages-personal.received', 'messages.upsert'] as const

async function deliver(keyId: string, node: MessageNode): Promise<void> {
  for (const name of NAMES) {
    await person().sendRaw(node, { keyId, events: [name] }).delivered
  }
  await settled()
}

/** A picture with everything that is needed to read it. */
async function picture(caption: string): Promise<MessageNode> {
  const bytes = new TextEncoder().encode('picture')
  const { keyId } = person().sendMedia('image', bytes, { mimetype: 'image/jpeg', caption })
  await arrived(world, keyId)
  const node = world.wasender.chat(PHONE).find((message) => message.keyId === keyId)?.node
  if (node === undefined) throw new Error('The phone has no such message')
  return node
}

describe('a message that comes again with more', () => {
  it('is shown as far as it is known, then whole and once, also after a restart', async () => {
    world = await startWorld()
    const keyId = '3EB0AAAAAAAAAAAAAAAA51'
    const whole = await picture('no key yet')
    await deliver(keyId, { placeholderMessage: { type: 0 } })
    const placeholder = await arrived(world, keyId)
    await deliver(keyId, { imageMessage: { mimetype: 'image/jpeg', caption: 'no key yet' } })
    await deliver(keyId, whole)
    await world.bridge.stop()
    await world.restart()
    for (const node of [whole, { conversation: 'no key yet' }, { placeholderMessage: {} }]) {
      await deliver(keyId, node as MessageNode)
    }
    const [words, file, ...more] = quoting(world, placeholder)
    expect(words?.content).toContain('no key yet')
    expect(words?.attachments).toHaveLength(0)
    expect(file?.attachments).toHaveLength(1)
    expect(more).toEqual([])
    const asked = world.wasender.calls.filter(({ path }) => path.endsWith('/decrypt-media'))
    expect(JSON.stringify(asked.at(-1)?.body)).toContain(`"id":"${keyId}"`)
  })

  it.each<[string, MessageNode]>([
    ['a withheld picture', { imageMessage: { mimetype: 'image/jpeg' } }],
    ['its words alone', { conversation: 'Look' }],
    ['a view-once picture that was withheld', { viewOnceMessageV2: { message: {} } }],
  ])('was %s at first', async (_what, less) => {
    world = await startWorld()
    const keyId = '3EB0BBBBBBBBBBBBBBBB51'
    const whole = await picture('Look')
    await deliver(keyId, less)
    const first = await arrived(world, keyId)
    await deliver(keyId, whole)
    expect(quoting(world, first).map(({ attachments }) => attachments.length)).toEqual([1])
  })

  it('is left alone when the first was whole', async () => {
    world = await startWorld()
    const keyId = '3EB0CCCCCCCCCCCCCCCC51'
    await deliver(keyId, await picture('Look'))
    const first = await arrived(world, keyId)
    await deliver(keyId, { conversation: 'Look' })
    await deliver(keyId, { placeholderMessage: { type: 0 } })
    expect(quoting(world, first)).toEqual([])
    const all = world.chatwoot.allMessages()
    expect(all.filter(({ sourceId }) => sourceId?.includes(keyId))).toHaveLength(1)
  })
})
