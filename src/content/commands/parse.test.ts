import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ParsedNote } from './command.ts'
import { COMMAND_NAMES, isCommand, parseCommand } from './parse.ts'

describe('parseCommand', () => {
  it.each<[string, ParsedNote]>([
    [
      '!poll Lunch? | Pizza | Pasta',
      {
        command: {
          name: 'poll',
          question: 'Lunch?',
          options: ['Pizza', 'Pasta'],
          multiSelect: false,
        },
      },
    ],
    [
      ' !POLL Lunch?|Pizza|Pasta| multi ',
      {
        command: {
          name: 'poll',
          question: 'Lunch?',
          options: ['Pizza', 'Pasta'],
          multiSelect: true,
        },
      },
    ],
    ['!poll Lunch? | Pizza', { misused: 'poll' }],
    ['!poll Lunch? | Pizza | multi', { misused: 'poll' }],
    ['!poll Lunch? | Pizza | Pizza', { misused: 'poll' }],
    ['!poll | Pizza | Pasta', { misused: 'poll' }],
    ['!poll Lunch? | Pizza | | Pasta', { misused: 'poll' }],
    [
      '!location 52.52,13.40 Office | Main Street 1',
      {
        command: {
          name: 'location',
          latitude: 52.52,
          longitude: 13.4,
          place: 'Office',
          address: 'Main Street 1',
        },
      },
    ],
    ['!location -33.9, 18.4', { command: { name: 'location', latitude: -33.9, longitude: 18.4 } }],
    ['!location 91,0', { misused: 'location' }],
    ['!location 0,181', { misused: 'location' }],
    ['!location 52.52 13.40', { misused: 'location' }],
    ['!location Berlin', { misused: 'location' }],
    [
      '!contact Maria | +49 (30) 123-456',
      { command: { name: 'contact', person: 'Maria', phone: '+4930123456' } },
    ],
    [
      '!contact Maria | 15550001111',
      { command: { name: 'contact', person: 'Maria', phone: '+15550001111' } },
    ],
    ['!contact Maria', { misused: 'contact' }],
    ['!contact | +15550001111', { misused: 'contact' }],
    ['!contact Maria | call me', { misused: 'contact' }],
    ['!edit The *new* text', { command: { name: 'edit', text: 'The *new* text' } }],
    ['!edit one\\\ntwo', { command: { name: 'edit', text: 'one\ntwo' } }],
    ['!edit', { misused: 'edit' }],
    ['!delete', { command: { name: 'delete' } }],
    ['!delete please', { command: { name: 'delete' } }],
    ['!sticker', { command: { name: 'sticker' } }],
    ['!block', { command: { name: 'block' } }],
    ['!unblock', { command: { name: 'unblock' } }],
    ['!status', { command: { name: 'status' } }],
    ['!Help', { command: { name: 'help' } }],
    ['!pol A | B | C', { unknown: 'pol', nearest: 'poll' }],
    ['!locaton 1,2', { unknown: 'locaton', nearest: 'location' }],
    ['!important call back', { unknown: 'important' }],
  ])('%s', (note, parsed) => {
    expect(parseCommand(note)).toEqual(parsed)
    expect(isCommand(note)).toBe(true)
  })

  it.each(['!!!', '! no', 'poll | A', 'Wow!', '!', '', '!1', 'see !help', '!help!'])(
    'leaves %j alone: it is just a note',
    (note) => {
      expect(parseCommand(note)).toBeUndefined()
      expect(isCommand(note)).toBe(false)
    },
  )

  it('knows a poll of up to twelve options by what was written', () => {
    const piece = fc
      .string({ minLength: 1, maxLength: 20 })
      .map((text) => text.replace(/[|\\\s!]/g, 'x'))
      .filter((text) => text.toLowerCase() !== 'multi')
    const options = fc.uniqueArray(piece, { minLength: 2, maxLength: 12 })
    fc.assert(
      fc.property(piece, options, fc.boolean(), (question, given, multiSelect) => {
        const note = ['!poll ', [question, ...given, ...(multiSelect ? ['multi'] : [])].join(' | ')]
        expect(parseCommand(note.join(''))).toEqual({
          command: { name: 'poll', question, options: given, multiSelect },
        })
      }),
    )
  })

  it('reads any place on earth', () => {
    const decimal = (max: number) =>
      fc.integer({ min: -max * 10_000, max: max * 10_000 }).map((n) => n / 10_000)
    fc.assert(
      fc.property(decimal(90), decimal(180), (latitude, longitude) => {
        expect(parseCommand(`!location ${latitude},${longitude}`)).toEqual({
          command: { name: 'location', latitude: latitude, longitude: longitude },
        })
      }),
    )
  })

  it('never throws, and agrees with isCommand', () => {
    const word = fc.constantFrom(...COMMAND_NAMES, 'pol', 'x', '', 'ä')
    fc.assert(
      fc.property(word, fc.string(), (name, rest) => {
        const note = `!${name} ${rest}`
        expect(parseCommand(note) !== undefined).toBe(isCommand(note))
      }),
    )
  })
})
