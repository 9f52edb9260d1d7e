import { describe, expect, it, vi } from 'vitest'
import { useNock } from '../upstream/testing/use-nock.ts'
import { failure, gateway, testClient } from './fixtures.ts'

useNock()

const hello = { to: '+15550001111', kind: 'text', text: 'Hello' } as const
const REFUSED = { success: false, message: 'Invalid API key' }

describe('a key that changes', () => {
  it('is asked for before each request', async () => {
    let apiKey = 'key-1'
    const { session } = testClient({ apiKey: () => apiKey })
    for (const key of ['key-1', 'key-2']) {
      apiKey = key
      gateway(key).get('/status').reply(200, { status: 'connected' })
      expect(await session.status()).toBe('connected')
    }
  })

  it('lets a refused send be made again, once', async () => {
    let apiKey = 'key-1'
    const onKeyRefused = vi.fn(async () => {
      apiKey = 'key-2'
      return true
    })
    const { messages } = testClient({ apiKey: () => apiKey, onKeyRefused })
    gateway('key-1').post('/send-message').reply(401, REFUSED)
    gateway('key-2')
      .post('/send-message')
      .reply(200, { success: true, data: { msgId: 1 } })
    expect(await messages.send(hello)).toMatchObject({ msgId: 1 })
    expect(onKeyRefused).toHaveBeenCalledExactlyOnceWith('key-1')
    gateway('key-2').post('/send-message').twice().reply(401, REFUSED)
    expect(await failure(messages.send(hello))).toMatchObject({ code: 'wasender.unauthorized' })
  })

  it('is no reason to repeat anything when there is no other one', async () => {
    const { session } = testClient({ apiKey: 'key-1', onKeyRefused: async () => false })
    gateway('key-1').get('/status').reply(401, REFUSED)
    expect(await failure(session.status())).toMatchObject({ code: 'wasender.unauthorized' })
  })
})
