import { readFile, writeFile } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { type Chat, PHONE, startChat } from './support/chat.ts'
import type { WorldOptions } from './support/world.ts'

let chat: Chat
afterEach(() => chat.close())

const wait = { timeoutMs: 20_000 }
const PAT = { withAccessToken: true }

async function begin(options: WorldOptions = {}) {
  chat = await startChat(options)
  const { world } = chat
  await world.chatwoot.settled()
  return { ...world, maria: world.wasender.person({ phone: PHONE, name: 'Maria' }) }
}

/** What the dashboard of the gateway does. */
async function regenerateKey() {
  const { wasender } = chat.world
  const response = await fetch(
    `${wasender.apiUrl}/whatsapp-sessions/${wasender.session().id}/regenerate-key`,
    { method: 'POST', headers: { Authorization: `Bearer ${wasender.personalAccessToken}` } },
  )
  expect(response.status).toBe(200)
}

async function resetInboxSecret() {
  const { chatwoot } = chat.world
  const response = await fetch(
    `${chatwoot.url}/api/v1/accounts/1/inboxes/${chatwoot.inboxes()[0]?.id}/reset_secret`,
    { method: 'POST', headers: { 'Api-Access-Token': chatwoot.adminToken } },
  )
  expect(response.status).toBe(200)
}

const refused = () => chat.world.chatwoot.webhookLog.filter(({ status }) => status === 401)
const logged = (text: string) =>
  chat.world.bridge.log.filter(({ msg }) => msg?.includes(text) === true)
const textsIn = () =>
  chat.world.chatwoot
    .messages(chat.conversation)
    .filter(({ messageType }) => messageType === 'incoming')
    .map(({ content }) => content)
const strange = (signature: string) =>
  fetch(`${chat.world.bridge.url}/webhooks/wasender/sales`, {
    method: 'POST',
    headers: { 'X-Webhook-Signature': signature },
    body: '{}',
  })

describe('an API key that is regenerated under traffic', () => {
  it('costs no message and no order, not even an attempt', async () => {
    const { wasender, maria } = await begin(PAT)
    const old = wasender.session().apiKey
    const texts = Array.from({ length: 12 }, (_, n) => `reply ${n}`)
    const questions = Array.from({ length: 12 }, (_, n) => `question ${n}`)
    for (const [index, text] of texts.entries()) {
      if (index === 4 || index === 8) await regenerateKey()
      maria.sendText(questions[index] ?? '')
      await chat.reply(text)
      if (index === 6) await chat.gets(5)
    }
    await chat.gets(texts.length)
    await chat.world.chatwoot.waitFor(() => textsIn().length > questions.length, wait)
    expect(chat.got().map(({ text }) => text)).toEqual(texts)
    expect(textsIn()).toEqual(['Hello', ...questions])
    expect(logged('An attempt failed')).toEqual([])
    expect(logged('Changed credentials were taken over').length).toBeGreaterThan(0)
    const log = JSON.stringify(chat.world.bridge.log)
    for (const key of [old, wasender.session().apiKey]) expect(log).not.toContain(key)
  })

  it('is found again after a restart with the old one in the configuration', async () => {
    const { bridge, wasender } = await begin(PAT)
    await regenerateKey()
    await bridge.stop()
    await chat.world.restart()
    await chat.reply('after the restart')
    const [got] = await chat.gets(1)
    expect(got?.text).toBe('after the restart')
    expect(wasender.session().apiKey).toHaveLength(64)
  })
})

describe('a webhook secret that has changed', () => {
  it('of WasenderAPI is taken over with the first webhook that has it; the old one lasts a while', async () => {
    const { wasender, maria } = await begin(PAT)
    const old = wasender.session().webhookSecret
    wasender.session().webhookSecret = 'another-webhook-secret'
    const { keyId } = maria.sendText('signed anew')
    await chat.world.chatwoot.waitFor(() => textsIn().includes('signed anew'), wait)
    expect(keyId).toBeTruthy()
    expect(wasender.webhookLog.flatMap(({ attempts }) => attempts)).not.toContain(401)
    expect((await strange(old)).status).toBe(200)
    expect(JSON.stringify(chat.world.bridge.log)).not.toContain('another-webhook-secret')
  })

  it('of the inbox is taken over, too', async () => {
    await begin()
    await resetInboxSecret()
    await chat.reply('signed anew')
    const [got] = await chat.gets(1)
    expect(got?.text).toBe('signed anew')
    expect(refused()).toEqual([])
  })
})

describe('wrong signatures', () => {
  it('stay 401, and a crowd of them asks the gateway once', async () => {
    const { wasender } = await begin(PAT)
    const looks = () => wasender.countOf(/whatsapp-sessions\/\d+$/, 'GET')
    const before = looks()
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => strange(`guess ${n}`)))
    const later = [await strange('one more'), await strange('and another')]
    expect([...answers, ...later].map(({ status }) => status)).toEqual(Array(22).fill(401))
    expect(looks() - before).toBe(1)
  })

  it('ask nobody when there is no token to ask with', async () => {
    const { wasender } = await begin()
    const before = wasender.calls.length
    expect((await strange('a guess')).status).toBe(401)
    expect(wasender.calls.length).toBe(before)
  })
})

describe('a configuration that is edited', () => {
  const edit = async (change: (text: string) => string) => {
    const { configPath } = chat.world
    await writeFile(configPath, change(await readFile(configPath, 'utf8')))
  }

  it('brings its credentials into the running bridge, and what waited goes out', async () => {
    const { wasender } = await begin()
    const old = wasender.session().apiKey
    await regenerateKey()
    await chat.reply('waits for the key')
    await wasender.waitFor(() => logged('An attempt failed').length > 0, wait)
    await edit((text) => text.replace(old, wasender.session().apiKey))
    const [got] = await chat.gets(1)
    expect(got?.text).toBe('waits for the key')
  })

  it('is ignored while it has mistakes; other settings are named as needing a restart', async () => {
    const { wasender } = await begin()
    await edit((text) => text.replace('pace: 0', 'pase: 0'))
    await wasender.waitFor(() => logged('cannot be read again').length > 0, wait)
    await edit((text) => text.replace('pase: 0', 'pace: 50'))
    await wasender.waitFor(() => logged('need a restart').length > 0, wait)
    expect(logged('need a restart')[0]).toMatchObject({
      settings: ['accounts[sales].options.pace'],
    })
    await chat.reply('still here')
    expect((await chat.gets(1))[0]?.text).toBe('still here')
  })

  it('is read at once on SIGHUP', async () => {
    const { bridge, wasender } = await begin()
    process.kill(bridge.pid, 'SIGHUP')
    await wasender.waitFor(() => logged('was read again').length > 0, wait)
  })
})
