import { describe, expect, it } from 'vitest'
import { readReactions } from './updates.ts'

const key = { id: 'TARGET', fromMe: true, remoteJid: '120363000000000001@g.us' }
const own = { ...key, id: 'OWN', fromMe: false, participant: '189975000000001@lid' }
const reaction = { text: '👍', key: own, senderTimestampMs: '1784402766013' }
const read = (data: unknown) => readReactions(data, 'messages.reaction')

describe('readReactions', () => {
  it.each([
    ['a list', [{ key, reaction }]],
    ['an object', { key, reaction }],
    ['a wrapped list', { messages: [{ key, reaction }] }],
  ])('reads %s', (_name, data) => {
    expect(read(data)).toMatchObject([
      {
        type: 'reaction',
        target: { id: 'TARGET', fromMe: true },
        text: '👍',
        reactionKey: { id: 'OWN', fromMe: false, participantLid: '189975000000001' },
        at: 1_784_402_766_013,
      },
    ])
  })

  it.each([{ text: '' }, { text: null }, {}])('reads %j as taken back', (fields) => {
    expect(read([{ key, reaction: { key: own, ...fields } }])).toMatchObject([{ text: '' }])
  })

  it.each([{ text: '👍', key }, { text: '👍' }, { text: '👍', key: 'x' }])(
    'claims no author for %j',
    (fields) => {
      const [event] = read([{ key, reaction: fields }])
      expect(event).toMatchObject({ type: 'reaction', target: { id: 'TARGET' } })
      expect(event).not.toHaveProperty('reactionKey')
    },
  )

  it.each([[null], [{}], [[{ key }]], [[{ reaction }]], [[{ key, reaction: '👍' }]]])(
    'finds nothing in %j',
    (data) => {
      expect(read(data)).toMatchObject([{ type: 'unknown' }])
    },
  )
})
