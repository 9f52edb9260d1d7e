import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Message } from '../sandbox/chatwoot/types.ts'
import type { SayOptions } from '../sandbox/wasender/voice.ts'
import { arrived, quoting } from './support/arrived.ts'
import { startWorld, type World } from './support/world.ts'

const PHONE = '+12025550104'
let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const edda = () => world.wasender.person({ phone: PHONE, lid: '21000000000004', name: 'Edda' })
const said = (text: string) => arrived(world, edda().sendText(text).keyId)
const wordings = (message: Message) => quoting(world, message).map(({ content }) => content)

/** Waits until whatever was said before is through, by something said behind it. */
async function settled(): Promise<void> {
  await said('marker')
  await world.chatwoot.settled()
}

const encrypted = (target: Message) =>
  edda().sendRaw(
    {
      secretEncryptedMessage: {
        targetMessageKey: { remoteJid: '12025550104@s.whatsapp.net', id: target.sourceId },
        encPayload: 'AAAA',
        encIv: 'AAAA',
        secretEncType: 2,
      },
    },
    { events: ['messages.upsert'] },
  ).delivered

const clear = (target: Message, text: string, options: SayOptions = {}) =>
  edda().edit(String(target.sourceId), text, { events: ['messages.update'], ...options }).delivered

describe('an edit that is encrypted', () => {
  it('is one line at the message it belongs to', async () => {
    const price = await said('The price is 100')
    await encrypted(price)
    await encrypted(price)
    await world.chatwoot.waitFor(() => quoting(world, price)[0], { timeoutMs: 15_000 })
    await settled()
    expect(wordings(price)).toEqual(['Edited. What it says now is encrypted: look at the phone.'])
  })

  it('is shown with its words alone, whichever comes first', async () => {
    const [before, after] = [await said('It is 200'), await said('It is 300')]
    await encrypted(before)
    await clear(before, 'It is 220')
    await clear(after, 'It is 330')
    await encrypted(after)
    // Behind both, and held as long.
    const last = await said('It is 400')
    await encrypted(last)
    await world.chatwoot.waitFor(() => quoting(world, last)[0], { timeoutMs: 15_000 })
    await settled()
    expect(wordings(before)).toEqual(['*Edited*\nIt is 220'])
    expect(wordings(after)).toEqual(['*Edited*\nIt is 330'])
  })
})

describe('edits that go back to an earlier wording', () => {
  it.each<[string, SayOptions]>([
    ['as updates', { events: ['messages.update'] }],
    ['as messages', { events: ['messages.upsert'] }],
    ['both ways', { events: ['messages.update', 'messages.upsert'] }],
  ])('end with what it says now, told %s', async (_form, options) => {
    const first = await said('Draft')
    for (const text of ['A', 'B', 'A', 'B', 'A']) {
      await clear(first, text, options)
      await settled()
    }
    expect(wordings(first).map((content) => content?.at(-1))).toEqual(['A', 'B', 'A', 'B', 'A'])
  })
})
