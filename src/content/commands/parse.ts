import type { Command, CommandName, ParsedNote } from './command.ts'
import { nearestOf, readWord } from './word.ts'

/** A poll takes two to twelve options (docs/platforms/wasender.md#sending), which WhatsApp wants to be different. */
const MIN_OPTIONS = 2
const MAX_OPTIONS = 12

/** `Question | A | B [| multi]` */
function readPoll(argument: string): Command | undefined {
  const [question = '', ...rest] = pieces(argument)
  const multiSelect = rest.at(-1)?.toLowerCase() === 'multi'
  const options = multiSelect ? rest.slice(0, -1) : rest
  const isComplete = question !== '' && options.every((option) => option !== '')
  const isDistinct = new Set(options).size === options.length
  if (!isComplete || !isDistinct) return undefined
  if (options.length < MIN_OPTIONS || options.length > MAX_OPTIONS) return undefined
  return { name: 'poll', question, options, multiSelect }
}

const COORDINATES = /^([+-]?\d{1,3}(?:\.\d+)?)\s*,\s*([+-]?\d{1,3}(?:\.\d+)?)(?=\s|$)/

/** `52.52,13.40 Name | Address`; name and address may be left out. */
function readLocation(argument: string): Command | undefined {
  const match = COORDINATES.exec(argument)
  if (match === null) return undefined
  const [latitude, longitude] = [Number(match[1]), Number(match[2])]
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return undefined
  const [place = '', address = ''] = pieces(argument.slice(match[0].length))
  return {
    name: 'location',
    latitude,
    longitude,
    ...(place === '' ? {} : { place }),
    ...(address === '' ? {} : { address }),
  }
}

/** What E.164 allows, with the usual decoration around the digits. */
const PHONE = /^\+?\d{6,15}$/

/** `Name | +49…` */
function readContact(argument: string): Command | undefined {
  const [person = '', written = '', ...rest] = pieces(argument)
  const phone = written.replace(/[\s()./-]/g, '')
  if (person === '' || rest.length > 0 || !PHONE.test(phone)) return undefined
  return { name: 'contact', person, phone: phone.startsWith('+') ? phone : `+${phone}` }
}

function pieces(argument: string): string[] {
  return argument.split('|').map((piece) => piece.trim())
}

type Read = (argument: string) => Command | undefined

/** A command without arguments; a word too many does no harm. */
const bare =
  (name: Exclude<CommandName, 'poll' | 'location' | 'contact' | 'edit'>): Read =>
  () => ({ name })

/** How the arguments of each command are read; `undefined` when they make no sense. */
const READ: Readonly<Record<CommandName, Read>> = {
  poll: readPoll,
  location: readLocation,
  contact: readContact,
  edit: (text) => (text === '' ? undefined : { name: 'edit', text }),
  delete: bare('delete'),
  sticker: bare('sticker'),
  block: bare('block'),
  unblock: bare('unblock'),
  status: bare('status'),
  help: bare('help'),
}

export const COMMAND_NAMES = Object.keys(READ) as CommandName[]

export { isCommand } from './word.ts'

/** Reads a note; `undefined` when it is none of the bridge's business. Pure. */
export function parseCommand(note: string): ParsedNote | undefined {
  const read = readWord(note)
  if (read === undefined) return undefined
  const { word, rest } = read
  const name = COMMAND_NAMES.find((known) => known === word)
  if (name === undefined) return unknown(word)
  const command = READ[name](rest)
  return command === undefined ? { misused: name } : { command }
}

function unknown(word: string): ParsedNote {
  const nearest = nearestOf(word, COMMAND_NAMES)
  return nearest === undefined ? { unknown: word } : { unknown: word, nearest }
}
