import { createHmac } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Chat, openChat, refusal } from './support/chat.ts'
import { type FromNowOn, fromNowOn, useWorld } from './support/use-world.ts'

const shared = useWorld()
let since: FromNowOn
let chat: Chat
beforeEach(async () => {
  since = fromNowOn(shared())
  chat = await openChat(shared())
})

const failed = (id: number) =>
  chat.world.chatwoot.waitFor(() => chat.message(id).status === 'failed')

describe('the Retry button', () => {
  it('sends exactly once although Chatwoot tells of it twice, and the ticks follow', async () => {
    const { wasender, chatwoot } = chat.world
    wasender.faults.add({ ...refusal, times: 1 })
    const { id } = await chat.reply('Are you there?')
    await failed(id)
    expect(chat.message(id).contentAttributes.external_error).toMatch(/^Not sent: /)
    chatwoot.agent().retry(id)
    await chat.gets(1)
    await chatwoot.waitFor(() => chat.message(id).status === 'delivered')
    await chat.settled()
    expect(chat.got()).toHaveLength(1)
    expect(since.countOf('/api/send-message')).toBe(2)
  })

  it('shows a new failure, and works again', async () => {
    const { wasender, chatwoot } = chat.world
    wasender.faults.add({ ...refusal, times: 2 })
    const { id } = await chat.reply('Hm')
    await failed(id)
    chatwoot.agent().retry(id)
    await chatwoot.waitFor(
      () => since.countOf('/api/send-message') === 2 && chat.message(id).status === 'failed',
    )
    await chatwoot.settled()
    chatwoot.agent().retry(id)
    await chat.gets(1)
    await chatwoot.waitFor(() => chat.message(id).status === 'delivered')
  })

  it('brings back what Chatwoot has wiped: the options of a choice', async () => {
    const { wasender, chatwoot } = chat.world
    wasender.faults.add({ ...refusal, times: 1 })
    const { id } = await chat.reply('Which?', {
      contentType: 'input_select',
      contentAttributes: {
        items: [
          { title: 'Red', value: 'r' },
          { title: 'Blue', value: 'b' },
        ],
      },
    })
    await failed(id)
    chatwoot.agent().retry(id)
    const [got] = await chat.gets(1)
    expect(chat.message(id).contentAttributes.items).toBeUndefined()
    expect(got?.text).toBe('Which?\n1. Red\n2. Blue')
  })

  it('is not seen in updates that are older than the failure', async () => {
    const { wasender, chatwoot } = chat.world
    wasender.faults.add({ ...refusal, times: 1 })
    const { id } = await chat.reply('Once')
    await failed(id)
    await chatwoot.settled()
    const { body, url, headers } = olderUpdate(id)
    expect((await fetch(url, { method: 'POST', body, headers })).status).toBe(200)
    await chat.settled()
    expect(since.countOf('/api/send-message')).toBe(1)
    expect(chat.message(id).status).toBe('failed')
  })

  it('works for a message that was lost on its way to the bridge', async () => {
    const { chatwoot, bridge } = chat.world
    await bridge.stop()
    const { id } = await chat.reply('Anyone?')
    await failed(id)
    await chatwoot.settled()
    await chat.world.restart()
    chatwoot.agent().retry(id)
    await chat.gets(1)
    await chat.settled()
    expect(chat.got()).toHaveLength(1)
  })
})

/** An update of the message as it was before it failed, overtaken on its way (docs/platforms/chatwoot.md#delivery). */
function olderUpdate(id: number) {
  const { chatwoot } = chat.world
  const created = chatwoot.webhookLog.find(
    ({ event, payload }) => event === 'message_created' && payload.id === id,
  )
  if (created === undefined) throw new Error('Chatwoot did not tell of the message')
  const body = JSON.stringify({ ...created.payload, event: 'message_updated' })
  const [inbox] = chatwoot.inboxes()
  const timestamp = String(Math.floor(Date.now() / 1000))
  const digest = createHmac('sha256', inbox!.secret).update(`${timestamp}.${body}`).digest('hex')
  return {
    body,
    url: inbox!.webhookUrl ?? '',
    headers: {
      'content-type': 'application/json',
      'x-chatwoot-timestamp': timestamp,
      'x-chatwoot-signature': `sha256=${digest}`,
    },
  }
}
