import { expect, it } from 'vitest'
import { localAddress } from './listen.ts'

it.each([
  ['0.0.0.0', 'http://localhost:3000'],
  ['::', 'http://localhost:3000'],
  ['127.0.0.1', 'http://127.0.0.1:3000'],
  ['fd00::7', 'http://[fd00::7]:3000'],
  ['bridge.internal', 'http://bridge.internal:3000'],
])('a bridge on %s is asked at %s', (host, address) => {
  expect(localAddress({ host, port: 3000 })).toBe(address)
})
