import { expect, it } from 'vitest'
import { isAbout } from './person.ts'

const names = new Set(['pn:12025550143', 'lid:189975000000143'])
const phone = { kind: 'phone', digits: '12025550143' }

it.each<[string, unknown]>([
  [
    'a message they wrote in a group',
    { type: 'message', key: { chat: { kind: 'group', id: '1' }, participant: phone } },
  ],
  ['a failed send to them', { type: 'send-failed', to: phone }],
  [
    'their LID as the one who reacted',
    { reactionKey: { author: { kind: 'lid', id: '189975000000143' } } },
  ],
  ['a JID of one of their devices', { key: { participant: '12025550143:4@s.whatsapp.net' } }],
  ['the chat by its name', { type: 'mark-read', chat: 'pn:12025550143' }],
])('finds %s', (_, event) => {
  expect(isAbout(event, names)).toBe(true)
})

it.each<[string, unknown]>([
  ['somebody else', { to: { kind: 'phone', digits: '120255501430' } }],
  ['a LID with the digits of the number', { to: { kind: 'lid', id: '12025550143' } }],
  ['a mention by somebody else', { contextInfo: { mentionedJid: ['12025550143@s.whatsapp.net'] } }],
  ['what somebody else wrote', { message: { conversation: '12025550143@s.whatsapp.net' } }],
  ['nothing', null],
])('leaves %s', (_, event) => {
  expect(isAbout(event, names)).toBe(false)
})

it('ends with what is nested without end', () => {
  let deep: unknown = phone
  for (let n = 0; n < 10_000; n += 1) deep = { inner: deep }
  expect(isAbout(deep, names)).toBe(false)
})
