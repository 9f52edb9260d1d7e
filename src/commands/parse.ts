import type { Command, CommandName, ParsedNote } from './command.ts'
import { readContact, readLocation, readPoll } from './read-arguments.ts'
import { nearestOf, readWord } from './word.ts'

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
