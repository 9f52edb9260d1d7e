import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { startWorld, type World } from '../support/world.ts'

let redis: TestRedis
let world: World

beforeAll(async () => {
  redis = await startRedis()
  world = await startWorld({ config: { redis: { url: redis.url } } })
})
afterAll(async () => {
  await world.close()
  await redis.stop()
})

/** Nothing can be written there any more, as on a full disk. */
async function blockDisk(): Promise<void> {
  const folders = ['spool', 'store/links', 'store/chats', 'store/aliases', 'store/accounts']
  for (const folder of folders) {
    const path = join(world.dir, 'data', folder)
    await rename(path, `${path}.aside`)
    await writeFile(path, '')
  }
}

const received = (name: string, phone: string) => ({
  event: 'messages.received',
  data: {
    messages: {
      key: { id: name, fromMe: false, remoteJid: `${phone}@s.whatsapp.net` },
      messageTimestamp: Math.floor(Date.now() / 1000),
      message: { conversation: 'Hello' },
    },
  },
})

function post(body: object, secret: string) {
  const headers = { 'X-Webhook-Signature': secret }
  const url = `${world.bridge.url}/webhooks/wasender/sales`
  return fetch(url, { method: 'POST', body: JSON.stringify(body), headers })
}

it('takes what Redis takes although the disk is full', async () => {
  const { wasender, chatwoot } = world
  const known = wasender.person({ phone: '+12025550143', name: 'Ann' })
  const { keyId } = known.sendText('before')
  await chatwoot.waitFor(() => chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId))
  await blockDisk()
  const secret = wasender.session().webhookSecret
  for (const [index, phone] of ['12025550143', '12025550150', '12025550151'].entries()) {
    const body = received(`3EB0FULLDISK${index}`, phone)
    expect((await post(body, secret)).status).toBe(200)
  }
  const conversation = chatwoot.allMessages()[0]?.conversationId ?? 0
  const agent = chatwoot.agent()
  const statuses = () => chatwoot.webhookLog.slice(told).map(({ status }) => status)
  const told = chatwoot.webhookLog.length
  agent.resolve(conversation)
  agent.reopen(conversation)
  await agent.reply(conversation, 'Hello again')
  await chatwoot.settled()
  expect(statuses().length).toBeGreaterThan(2)
  expect(new Set(statuses())).toEqual(new Set([200]))
  const problems = JSON.stringify(await (await fetch(`${world.bridge.url}/readyz`)).json())
  expect(problems).toContain('"store"')
  expect(problems).not.toContain(world.dir)
})
