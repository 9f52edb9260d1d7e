import { describe, expect, it, vi } from 'vitest'
import { createSessionMemory } from './account-credentials.ts'

describe('the memory of a session', () => {
  it('lasts as long as the configuration has the key', () => {
    let key = 'key-1'
    const onKept = vi.fn()
    const memory = createSessionMemory({ configuredKey: () => key, onKept })
    memory.keep(7)
    expect(memory.recall()).toBe(7)
    const [remembered] = onKept.mock.lastCall ?? []
    expect(JSON.stringify(remembered)).not.toContain('key-1')
    const later = createSessionMemory({ configuredKey: () => key, remembered })
    expect(later.recall()).toBe(7)
    key = 'key-of-another-session'
    expect(memory.recall()).toBeUndefined()
    expect(later.recall()).toBeUndefined()
  })
})
