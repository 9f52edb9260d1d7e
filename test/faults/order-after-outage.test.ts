import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Chat, startChat } from '../support/chat.ts'

let chat: Chat
beforeEach(async () => {
  chat = await startChat()
  await chat.reply('before')
  await chat.gets(1)
  await chat.settled()
})
afterEach(() => chat.close())

/** What was written meanwhile, and in which order the customer got it. */
const texts = () => chat.got().map(({ text }) => text)

/** Nobody takes the webhook, and Chatwoot does not try again. */
async function writeInVain(text: string): Promise<void> {
  const { id } = await chat.reply(text)
  await chat.world.chatwoot.waitFor(() => chat.message(id).status === 'failed')
}

async function writeWhileDown(text: string): Promise<void> {
  await chat.world.bridge.kill()
  await writeInVain(text)
}

/** The webhook is on its way for so long. */
async function writeLate(text: string, delayMs: number): Promise<void> {
  const { chatwoot } = chat.world
  chatwoot.setWebhookFaults({ delayMs })
  await chat.reply(text)
  chatwoot.setWebhookFaults({})
}

function callsTo(part: string): number {
  return chat.world.chatwoot.calls.filter(({ path }) => path.includes(part)).length
}

const slowly = (ms: number) => ({ kind: 'delay', ms, method: 'GET', path: '/messages' }) as const

describe('what was written while the bridge was away', () => {
  it('is sent at once after the start', async () => {
    await writeWhileDown('away')
    await chat.world.restart()
    await chat.gets(2)
    expect(texts()).toEqual(['before', 'away'])
  })

  it('goes first although Chatwoot refuses connections as the next reply is due, and the bridge dies', async () => {
    const { chatwoot } = chat.world
    await writeWhileDown('away')
    chatwoot.faults.add({ kind: 'refuse' })
    await chat.world.restart()
    await chat.reply('back')
    const before = callsTo('/inboxes/')
    // The breaker is open then, and has asked twice in vain whether Chatwoot is back.
    await chatwoot.waitFor(() => callsTo('/inboxes/') >= before + 2, { timeoutMs: 30_000 })
    expect(texts()).toEqual(['before'])
    await chat.world.bridge.kill()
    chatwoot.faults.clear()
    await chat.world.restart()
    await chat.gets(3)
    expect(texts()).toEqual(['before', 'away', 'back'])
  })

  it('goes first when Chatwoot is back, without another start', async () => {
    const { chatwoot } = chat.world
    await writeWhileDown('away')
    chatwoot.faults.add({ kind: 'answer', status: 503, path: '/messages' })
    chatwoot.faults.add({ kind: 'answer', status: 503, path: '/conversations' })
    await chat.world.restart()
    await chat.reply('back')
    const before = callsTo('/messages')
    await chatwoot.waitFor(() => callsTo('/messages') >= before + 2, { timeoutMs: 30_000 })
    expect(texts()).toEqual(['before'])
    chatwoot.faults.clear()
    await chat.gets(3)
    expect(texts()).toEqual(['before', 'away', 'back'])
  })

  it('goes first although Chatwoot is slow to list messages after two kills', async () => {
    const { chatwoot } = chat.world
    await writeWhileDown('one')
    await chat.world.restart()
    await writeWhileDown('two')
    chatwoot.faults.add(slowly(4_000))
    await chat.world.restart()
    await chat.reply('three')
    await chat.gets(4)
    expect(texts()).toEqual(['before', 'one', 'two', 'three'])
  })
})

describe('a webhook that is overtaken', () => {
  it.each([300, 400, 500, 600])(
    'by the next one, and arrives while Chatwoot is asked, %i ms late',
    async (delayMs) => {
      chat.world.chatwoot.faults.add(slowly(250))
      await writeLate('one', delayMs)
      await chat.reply('two')
      await chat.gets(3)
      expect(texts()).toEqual(['before', 'one', 'two'])
    },
  )

  it('by several is sent before them all', async () => {
    chat.world.chatwoot.faults.add(slowly(250))
    for (const [n, delayMs] of [500, 350, 200, 0].entries()) await writeLate(`${n}`, delayMs)
    await chat.gets(5)
    expect(texts()).toEqual(['before', '0', '1', '2', '3'])
  })
})
