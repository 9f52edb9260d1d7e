import { expect, it } from 'vitest'
import { isPrivateHost } from './network-address.ts'

it.each([
  ['localhost', true],
  ['bridge', true],
  ['nas.local', true],
  ['router.home.arpa', true],
  ['192.168.1.5', true],
  ['[::1]', true],
  ['[fd00::1]', true],
  ['8.8.8.8', false],
  ['[2606:4700::1111]', false],
  ['bridge.example.com', undefined],
  ['notlocal.example', undefined],
])('%s: %s', (host, isPrivate) => {
  expect(isPrivateHost(host)).toBe(isPrivate)
})
