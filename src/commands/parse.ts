import { distance } from 'fastest-levenshtein'
import type { Command, CommandName, ParsedNote } from './command.ts'
import { readContact, readLocation, readPoll } from './read-arguments.ts'

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

/** `!` and a word. `!!!` and `! no` are just notes. */
const COMMAND = /^\s*!(\p{L}[\p{L}\p{N}_-]*)(?=\s|$)\s*/u

/** Further off than this it is no typing mistake. */
const NEAR = 2

/** Whether a private note speaks to the bridge. */
export function isCommand(note: string | null): note is string {
  return note !== null && COMMAND.test(note)
}

/** Reads a note; `undefined` when it is none of the bridge's business. Pure. */
export function parseCommand(note: string): ParsedNote | undefined {
  // Chatwoot 4.9 to 4.12 writes a line break as backslash and newline (chatwoot-webhooks.md, section 8.1).
  const text = note.replace(/\\(?=\r?\n)/g, '').trim()
  const match = COMMAND.exec(text)
  if (match === null) return undefined
  const word = (match[1] ?? '').toLowerCase()
  const name = COMMAND_NAMES.find((known) => known === word)
  if (name === undefined) return unknown(word)
  const command = READ[name](text.slice(match[0].length))
  return command === undefined ? { misused: name } : { command }
}

function unknown(word: string): ParsedNote {
  const [best] = COMMAND_NAMES.map((name) => ({ name, far: distance(word, name) })).sort(
    (a, b) => a.far - b.far,
  )
  return best !== undefined && best.far <= NEAR
    ? { unknown: word, nearest: best.name }
    : { unknown: word }
}
