import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Chat, PHONE, startChat } from '../support/chat.ts'

const ADMIN = 'a-long-random-admin-token'
const SERVER = { host: '127.0.0.1', port: 0, publicUrl: 'http://127.0.0.1', adminToken: ADMIN }
const OTHER = '+12025550112'
const MINUTES = 60_000

let chat: Chat
beforeEach(async () => {
  chat = await startChat({ config: { server: SERVER } })
})
afterEach(() => chat.close())

const shown = (text: string) =>
  chat.world.chatwoot.allMessages().some(({ content }) => content === text)

async function failures(): Promise<{ code: string; reason: string; attempts: number }[]> {
  const headers = { Authorization: `Bearer ${ADMIN}` }
  const answer = await fetch(`${chat.world.bridge.url}/admin/api/failures`, { headers })
  return (
    (await answer.json()) as { failures: { code: string; reason: string; attempts: number }[] }
  ).failures
}

describe('a message that Chatwoot breaks down over', () => {
  it(
    'is given up after ten times while others get across; its chat goes on, and agents know',
    async () => {
      const { wasender, chatwoot } = chat.world
      chatwoot.faults.add({
        kind: 'answer',
        method: 'POST',
        path: `/conversations/${chat.conversation}/messages`,
        status: 500,
        body: { error: 'string contains null byte' },
      })
      const maria = wasender.person({ phone: PHONE })
      await maria.sendText('Poison').delivered
      const other = wasender.person({ phone: OTHER })
      for (let n = 0; (await failures()).length === 0; n += 1) {
        await other.sendText(`Other ${n}`).delivered
        await chatwoot.waitFor(() => shown(`Other ${n}`), { timeoutMs: 20_000 })
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
      expect(await failures()).toMatchObject([
        {
          code: 'chatwoot.server_error',
          reason: expect.stringContaining('while other messages got across'),
        },
      ])
      chatwoot.faults.clear()
      await maria.sendText('After').delivered
      await chatwoot.waitFor(() => shown('After'), { timeoutMs: 20_000 })
      expect(shown('Poison')).toBe(false)
      await expect
        .poll(chat.notes, { timeout: 60_000 })
        .toEqual([expect.stringMatching(/^A message from WhatsApp \(.* UTC\) could not be shown/)])
    },
    8 * MINUTES,
  )
})
