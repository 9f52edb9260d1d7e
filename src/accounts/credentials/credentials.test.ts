import { describe, expect, it, vi } from 'vitest'
import { createCredentials } from './account-credentials.ts'

const MINUTE = 60_000
const initial = {
  apiKey: 'key-1',
  personalAccessToken: undefined,
  wasenderSecrets: ['one'],
  chatwootToken: 'token',
  chatwootSecrets: [],
  chatwootUrlTokens: [],
}

function begin() {
  let now = 0
  const credentials = createCredentials({ initial, clock: { now: () => now } })
  const acceptedIn = (minutes: number) => {
    now += minutes * MINUTE
    return credentials.accepted('wasenderSecrets')
  }
  return { credentials, acceptedIn }
}

describe('credentials', () => {
  it('tell what has changed, once it has, and nothing when nothing has', () => {
    const { credentials } = begin()
    const told = vi.fn(() => credentials.now().apiKey)
    credentials.onChange(told)
    expect(credentials.learn({ apiKey: ' key-1\n', wasenderSecrets: ['one'] })).toBe(false)
    expect(told).not.toHaveBeenCalled()
    expect(credentials.learn({ apiKey: 'key-2' })).toBe(true)
    expect(told).toHaveBeenCalledExactlyOnceWith(new Set(['apiKey']))
    expect(told).toHaveReturnedWith('key-2')
  })

  it('accept a former secret for ten minutes', () => {
    const { credentials, acceptedIn } = begin()
    credentials.learn({ wasenderSecrets: ['two'] })
    expect(acceptedIn(9)).toEqual(['two', 'one'])
    expect(acceptedIn(1)).toEqual(['two'])
  })

  it('count the ten minutes from the first change, also when others follow', () => {
    const { credentials, acceptedIn } = begin()
    credentials.learn({ wasenderSecrets: ['two'] })
    acceptedIn(6)
    credentials.learn({ wasenderSecrets: ['three'] })
    expect(acceptedIn(3)).toEqual(['three', 'one', 'two'])
    expect(acceptedIn(1)).toEqual(['three', 'two'])
    expect(acceptedIn(6)).toEqual(['three'])
  })

  it('accept one that came back for good', () => {
    const { credentials, acceptedIn } = begin()
    credentials.learn({ wasenderSecrets: ['two'] })
    credentials.learn({ wasenderSecrets: ['one'] })
    expect(acceptedIn(60)).toEqual(['one'])
  })
})
