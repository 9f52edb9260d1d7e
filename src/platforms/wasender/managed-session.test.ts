import { describe, expect, it, vi } from 'vitest'
import { session } from './session-schema.ts'
import { createManagedSession, type SessionMemory } from './sessions.ts'

const SESSIONS = [1, 2, 3].map((id) => session.parse({ id, name: `S${id}`, api_key: `key-${id}` }))

function sessions() {
  return {
    // The list holds no keys.
    list: vi.fn(async () => SESSIONS.map((each) => ({ ...each, apiKey: undefined }))),
    get: vi.fn(async (id: number) => SESSIONS.find((each) => each.id === id) ?? SESSIONS[0]!),
  }
}

describe('the managed session', () => {
  it('is the one that is configured, without looking for it', async () => {
    const api = sessions()
    const managed = createManagedSession({
      sessions: api,
      sessionId: 3,
      apiKey: () => 'key-1',
      memory: memory(),
    })
    expect(await managed.id()).toBe(3)
    expect(await managed.get()).toMatchObject({ id: 3 })
    expect(api.list).not.toHaveBeenCalled()
  })

  it('is else the one with our key, looked for once', async () => {
    const api = sessions()
    const managed = createManagedSession({
      sessions: api,
      apiKey: () => ' key-2\n',
      memory: memory(),
    })
    expect(await managed.get()).toMatchObject({ id: 2 })
    expect(await managed.id()).toBe(2)
    expect(await managed.get()).toMatchObject({ id: 2 })
    expect(api.list).toHaveBeenCalledTimes(1)
  })

  it('is nothing when the token belongs to somebody else', async () => {
    const managed = createManagedSession({
      sessions: sessions(),
      apiKey: () => 'other',
      memory: memory(),
    })
    expect(await managed.id()).toBeUndefined()
    expect(await managed.get()).toBeUndefined()
  })
})

function memory(): SessionMemory {
  let known: number | undefined
  return {
    recall: () => known,
    keep(id) {
      known = id
    },
  }
}
