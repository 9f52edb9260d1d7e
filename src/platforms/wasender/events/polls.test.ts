import { describe, expect, it } from 'vitest'
import { readPollResults } from './updates.ts'

const key = { id: 'POLL', fromMe: true, remoteJid: '15550001111@s.whatsapp.net' }
const read = (data: unknown) => readPollResults(data, 'poll.results')

describe('readPollResults', () => {
  const pollResult = [
    { name: 'Pizza', voters: ['15550001111@s.whatsapp.net', '189975000000001@lid'] },
    { name: 'Hamburger', voters: [] },
  ]

  it.each([
    ['the documented object', { key, pollResult }],
    ['a list', [{ key, pollResult }]],
  ])('reads %s', (_name, data) => {
    expect(read(data)).toMatchObject([
      {
        type: 'poll-result',
        key: { id: 'POLL' },
        options: [
          {
            name: 'Pizza',
            votes: 2,
            voters: [{ phone: '15550001111' }, { lid: '189975000000001' }],
          },
          { name: 'Hamburger', votes: 0, voters: [] },
        ],
      },
    ])
  })

  it('counts a voter it cannot name', () => {
    expect(
      read({ key, pollResult: [{ name: 'Pizza', voters: ['me', { id: null }] }] }),
    ).toMatchObject([{ options: [{ votes: 2, voters: [] }] }])
  })

  it('reads an option without voters', () => {
    expect(read({ key, pollResult: [{ name: 'Pizza' }] })).toMatchObject([
      { options: [{ name: 'Pizza', votes: 0 }] },
    ])
  })

  it.each([[null], [{ key }], [{ pollResult }], [{ key, pollResult: [{ voters: [] }] }]])(
    'finds nothing in %j',
    (data) => {
      expect(read(data)).toMatchObject([{ type: 'unknown' }])
    },
  )
})
