import { expect, it } from 'vitest'
import { reachOf } from './addresses.ts'

const NAMES: Record<string, string[]> = {
  'bridge.example.com': ['8.8.8.8'],
  'split.example.com': ['10.0.0.7', '8.8.8.8'],
  'intranet.example.com': ['192.168.1.4'],
}

it.each([
  ['https://bridge.example.com/x', 'public'],
  ['https://split.example.com', 'public'],
  ['https://intranet.example.com', 'private'],
  ['https://misspelt.example.com', 'unknown'],
  ['http://localhost:3000', 'private'],
  ['http://bridge:3000', 'private'],
  ['http://bridge.local', 'private'],
  ['http://127.0.0.1', 'private'],
  ['http://[::1]:3000', 'private'],
  ['https://8.8.8.8', 'public'],
])('%s is %s', async (url, reach) => {
  const resolve = async (host: string) => {
    const found = NAMES[host]
    if (found === undefined) throw new Error('ENOTFOUND')
    return found.map((address) => ({ address }))
  }
  expect(await reachOf(url, resolve)).toBe(reach)
})
