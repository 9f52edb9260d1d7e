import { nearestOf, readWord } from './word.ts'

/** What can be asked for in the operator's conversation (docs/operator.md). */
const COMMANDS = [
  'status',
  'qr',
  'connect',
  'disconnect',
  'restart',
  'failures',
  'retry',
  'help',
] as const

/** The first word of a command, without its exclamation mark. */
export type OperatorCommand = (typeof COMMANDS)[number]

export const OPERATOR_COMMANDS: readonly OperatorCommand[] = COMMANDS

/** What something written there turns out to be. */
export type ReadCommand =
  | { command: OperatorCommand }
  /** The command exists but is written in another way. */
  | { misused: OperatorCommand }
  | { nearest: OperatorCommand | undefined }

/** Without its argument this one would do more than may be meant. */
const RETRY_WHAT = /^all$/i

/** `undefined` when it is no command at all. Pure. */
export function readOperatorCommand(text: string): ReadCommand | undefined {
  const read = readWord(text)
  if (read === undefined) return undefined
  const command = COMMANDS.find((name) => name === read.word)
  if (command === undefined) return { nearest: nearestOf(read.word, COMMANDS) }
  const isMisused = command === 'retry' && !RETRY_WHAT.test(read.rest.trim())
  return isMisused ? { misused: command } : { command }
}
