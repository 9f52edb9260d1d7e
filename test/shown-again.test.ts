import { beforeEach, describe, expect, it } from 'vitest'
import { deliverWebhooks, loseWebhooks } from './support/away.ts'
import { type Chat, openChat, refusal } from './support/chat.ts'
import { type FromNowOn, fromNowOn, useWorld } from './support/use-world.ts'
import type { WorldOptions } from './support/world.ts'

const WAIT = { timeoutMs: 25_000 }
/** With and without a sign for what was delivered; the older one does not sign its webhooks. */
const RELEASES: Record<string, WorldOptions> = {
  '4.15.1': {},
  '4.4.0': { webhookToken: 'token-of-the-webhook' },
}
let since: FromNowOn
let chat: Chat

const shows = (id: number, status: string) =>
  chat.world.chatwoot.waitFor(() => chat.message(id).status === status, WAIT)
const sends = () => since.countOf('/api/send-message')
const reports = (id: number) =>
  chat.world.chatwoot.calls.filter(
    ({ method, path }) => method === 'PATCH' && path.endsWith(`/messages/${id}`),
  ).length
/** WhatsApp tells nothing of what is sent from now on, as when the customer's phone is off. */
const phoneIsOff = () => {
  chat.world.wasender.echo.after = 600_000
}

/** An agent writes while the bridge does not answer, so that Chatwoot takes the message for failed. */
async function replyInVain(text: string): Promise<number> {
  const { bridge } = chat.world
  process.kill(bridge.pid, 'SIGSTOP')
  const { id } = await chat.reply(text)
  await shows(id, 'failed')
  return id
}

describe.each(Object.keys(RELEASES))('Chatwoot %s', (version) => {
  const shared = useWorld({
    ...RELEASES[version],
    chatwoot: { version, webhookTimeoutMs: 2_000 },
  })
  beforeEach(async () => {
    const world = shared()
    since = fromNowOn(world)
    chat = await openChat(world)
    await chat.settled()
  })

  it('shows again how far a message had come when Retry was pressed on it', async () => {
    const { wasender } = chat.world
    const { id } = await chat.reply('one')
    const [first] = await chat.gets(1)
    await wasender.person({ phone: chat.phone }).read(String(first?.keyId))
    await shows(id, 'read')
    await chat.reply('two')
    await chat.gets(2)
    await chat.settled()
    chat.world.chatwoot.agent().retry(id)
    await shows(id, 'read')
    await chat.settled()
    expect(chat.message(id).status).toBe('read')
    expect(sends()).toBe(2)
  })

  it('goes on to show a failure that is one', async () => {
    const { wasender } = chat.world
    wasender.faults.add({ ...refusal, times: 1 })
    const id = await replyInVain('odd')
    process.kill(chat.world.bridge.pid, 'SIGCONT')
    await chat.world.chatwoot.waitFor(
      () => String(chat.message(id).contentAttributes.external_error).startsWith('Not sent: '),
      WAIT,
    )
    await chat.settled()
    expect(chat.message(id).status).toBe('failed')
    expect(sends()).toBe(1)
  })

  // From here on nobody's phone tells anything: what is held back holds back whatever is told after it.
  it('shows as sent what was sent though the bridge answered late', async () => {
    phoneIsOff()
    const id = await replyInVain('slow')
    process.kill(chat.world.bridge.pid, 'SIGCONT')
    await shows(id, 'sent')
    await chat.settled()
    expect(chat.message(id).status).toBe('sent')
    expect(sends()).toBe(1)
    expect(reports(id)).toBe(1)
  })

  it('shows so also when nothing told of the failure', async () => {
    phoneIsOff()
    const { chatwoot, bridge } = chat.world
    process.kill(bridge.pid, 'SIGSTOP')
    const { id } = await chat.reply('slow')
    await chatwoot.waitFor(
      () => chatwoot.webhookLog.some(({ outcome }) => outcome === 'pending'),
      WAIT,
    )
    loseWebhooks(chat)
    await shows(id, 'failed')
    process.kill(bridge.pid, 'SIGCONT')
    await chat.world.wasender.waitFor(() => sends() === 1, WAIT)
    deliverWebhooks(chat)
    expect(chat.message(id).status).toBe('failed')
    await bridge.stop()
    await chat.world.restart()
    await shows(id, 'sent')
    await chat.settled()
    expect(sends()).toBe(1)
  })
})
