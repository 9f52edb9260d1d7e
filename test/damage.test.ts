import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, it } from 'vitest'
import { type Chat, PHONE, startChat } from './support/chat.ts'
import { startRedis, type TestRedis } from './support/redis.ts'

const ADMIN = 'a-token-of-the-admin-0123'
const SERVER = { host: '127.0.0.1', port: 0, publicUrl: 'http://127.0.0.1', adminToken: ADMIN }

let chat: Chat | undefined
let redis: TestRedis | undefined
let dir: string | undefined
afterEach(async () => {
  await chat?.close()
  await redis?.stop()
  if (dir !== undefined) await rm(dir, { recursive: true, force: true })
  chat = redis = dir = undefined
})

async function open(): Promise<Chat> {
  dir = await mkdtemp(join(tmpdir(), 'redis-'))
  redis = await startRedis({ dir, durable: true })
  chat = await startChat({ config: { redis: { url: redis.url }, server: SERVER } })
  return chat
}

const texts = ({ world }: Chat) =>
  world.chatwoot
    .allMessages()
    .filter(({ messageType }) => messageType === 'incoming')
    .map(({ content }) => content)

async function setAsideIn({ world }: Chat): Promise<{ where: string }[]> {
  const headers = { Authorization: `Bearer ${ADMIN}` }
  const answer = await fetch(`${world.bridge.url}/admin/api/set-aside`, { headers })
  return ((await answer.json()) as { setAside: { where: string }[] }).setAside
}

/** Changes a word wherever it stands in the files of a folder, and resolves with the paths of these. */
async function damage(folder: string, word: string, other: string): Promise<string[]> {
  const paths: string[] = []
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), 'utf8')
    if (!text.includes(word)) continue
    await writeFile(join(folder, name), text.replaceAll(word, other))
    paths.push(join(folder, name))
  }
  return paths
}

const metrics = async ({ world }: Chat) => (await fetch(`${world.bridge.url}/metrics`)).text()
const status = async ({ world }: Chat) => (await fetch(`${world.bridge.url}/readyz`)).status

describe('something stored that cannot be read', () => {
  it('in the spool stops nothing: the rest arrives in order, both ways, and admins are told', async () => {
    const opened = await open()
    const { world } = opened
    const { wasender, chatwoot } = world
    await redis?.kill()
    const said = ['one', 'two', 'three', 'four']
    for (const text of said) {
      await wasender.person({ phone: PHONE }).sendText(text).delivered
    }
    await world.bridge.kill()
    const spool = join(world.dir, 'data/spool')
    // The gateway tells of one message under several names.
    const files = await damage(spool, 'two', 'twO')
    await appendFile(files.at(-1) ?? '', '1 00000000 [{"cut')
    redis = await startRedis({ dir: dir ?? '', durable: true })
    await world.restart()
    await chatwoot.waitFor(() => texts(opened).includes('four'), { timeoutMs: 20_000 })
    expect(texts(opened)).toEqual(['Hello', 'one', 'three', 'four'])
    await opened.reply('Hi')
    await opened.gets(1)

    expect(await status(opened)).toBe(200)
    expect(await metrics(opened)).toMatch(/bridge_set_aside_total\{what="spool"\} [1-9]/)
    const kept = files.map((file) => ({ where: expect.stringContaining(file) }))
    expect(await setAsideIn(opened)).toEqual(kept)
    const news = world.bridge.log.filter(({ what }) => what === 'spool')
    expect(news.map(({ where }) => where)).toEqual(files)
    expect(news).toMatchObject(files.map(() => ({ line: expect.any(Number) })))
    expect(JSON.stringify(world.bridge.log)).not.toContain('twO')
  })

  it('in a lane is told in the chat, which goes on', async () => {
    const opened = await open()
    const { world } = opened
    await world.bridge.stop()
    const client = new Redis(redis?.url ?? '')
    const prefix = 'wasender-chatwoot:'
    const key = `pn:${PHONE.slice(1)}`
    const id = `0000000000009999.${Date.UTC(2026, 10, 30, 17, 4)}`
    await client.zadd(`${prefix}lane:in:sales:${key}:order`, 1, id)
    await client.hset(`${prefix}lane:in:sales:${key}:entries`, id, '{"receivedAt":')
    await client.zadd(`${prefix}lanes:in:sales`, 1, `in:sales:${key}`)
    await client.hincrby(`${prefix}waiting`, 'in:sales', 1)
    await client.hset(`${prefix}failures:sales`, 'sales.1.2', 'garbage')
    await client.zadd(`${prefix}failures:sales:in`, 1, 'sales.1.2')
    client.disconnect()
    await world.restart()
    await opened.says('After')
    await expect
      .poll(opened.notes, { timeout: 20_000 })
      .toEqual([expect.stringContaining('A message from WhatsApp (2026-11-30 17:04 UTC)')])
    const headers = { Authorization: `Bearer ${ADMIN}` }
    const listed = await fetch(`${world.bridge.url}/admin/api/failures`, { headers })
    expect(await listed.json()).toMatchObject({ failures: [] })
    expect(await metrics(opened)).toContain('bridge_set_aside_total{what="lane"} 1')
    expect(await metrics(opened)).toContain('bridge_set_aside_total{what="failure"} 1')
    expect(await setAsideIn(opened)).toEqual([
      { where: `${prefix}damaged:lane`, count: 1 },
      { where: `${prefix}damaged:failure`, count: 1 },
    ])
    expect(await status(opened)).toBe(200)
    expect(JSON.stringify(world.bridge.log)).not.toContain(key)
  })

  it('in the store does not keep the bridge from starting, nor have it send anything twice', async () => {
    const opened = await open()
    const { world } = opened
    await opened.reply('Once')
    await opened.gets(1)
    await world.chatwoot.settled()
    await world.bridge.stop()
    await damage(join(world.dir, 'data/store/links'), '"state":"', '"state":"X')
    await world.restart()
    expect(await status(opened)).toBe(200)
    expect(await metrics(opened)).toMatch(/bridge_set_aside_total\{what="store"\} [1-9]/)
    // Chatwoot tells of the message anew, and the sweep has looked at the conversation.
    await opened.says('More')
    await opened.reply('Twice')
    const got = await opened.gets(2)
    expect(got.map(({ text }) => text)).toEqual(['Once', 'Twice'])
  })
})
