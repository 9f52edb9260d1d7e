import { expect, it } from 'vitest'
import { noteReachability } from './reaching.ts'

const notesOn = (publicUrl: string, refusesPrivateHosts = true) => {
  const notes: string[] = []
  const progress = {
    dryRun: false,
    step: () => undefined,
    note: (text: string) => notes.push(text),
  }
  noteReachability({ publicUrl, refusesPrivateHosts, progress })
  return notes
}

it.each([
  ['https://bridge.example.com', []],
  ['http://bridge.example.com', [/not encrypted/]],
  ['http://localhost:3000', [/cannot reach/, /SAFE_FETCH_ALLOW_PRIVATE_NETWORK/]],
  ['https://192.168.1.5', [/cannot reach/, /SAFE_FETCH_ALLOW_PRIVATE_NETWORK/]],
  ['https://[fd00::1]:3000', [/cannot reach/, /SAFE_FETCH_ALLOW_PRIVATE_NETWORK/]],
  ['https://bridge', [/cannot reach/, /SAFE_FETCH_ALLOW_PRIVATE_NETWORK/]],
  ['https://nas.local', [/cannot reach/, /SAFE_FETCH_ALLOW_PRIVATE_NETWORK/]],
  ['https://1.1.1.1', []],
])('%s', (publicUrl, expected) => {
  expect(notesOn(publicUrl)).toEqual(expected.map((words) => expect.stringMatching(words)))
})

it('does not speak of what an older Chatwoot does not do', () => {
  expect(notesOn('http://localhost:3000', false)).toHaveLength(1)
})
