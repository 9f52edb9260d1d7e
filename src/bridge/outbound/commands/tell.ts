import type { ParsedNote } from '../../../content/commands/command.ts'
import { COMMAND_NAMES } from '../../../content/commands/parse.ts'
import type { Texts } from '../../../content/locale/index.ts'
import type { Conversations } from '../../../people/conversations.ts'
import { jidOf } from '../target.ts'
import type { CommandRun } from './run.ts'

/** All commands with what they do. */
export function helpText({ commands }: Texts): string {
  const lines = COMMAND_NAMES.map((name) => {
    const { form, what } = commands.usage[name]
    return commands.line(form, what)
  })
  return [commands.help, ...lines].join('\n')
}

/** What to say about a note that is no command that can be run. */
export function mistakeText(
  { commands }: Texts,
  parsed: Exclude<ParsedNote, { command: unknown }>,
): string {
  if ('misused' in parsed) return commands.write(commands.usage[parsed.misused].form)
  const { nearest } = parsed
  return commands.unknown(nearest === undefined ? undefined : commands.usage[nearest].form)
}

/** `!status`: how the session is, and whom this conversation is with. */
export async function tellStatus(
  { account, event }: CommandRun,
  conversations: Conversations,
): Promise<string> {
  const { commands } = account.texts
  const status = await account.wasender.session.status()
  const chat = await conversations.byConversation(account.id, event.conversation)
  const address = chat?.phone === undefined ? chat && jidOf(chat) : `+${chat.phone}`
  const line = commands.status(commands.statuses[status] ?? status)
  return address === undefined ? line : `${line}\n${commands.chatBy(address)}`
}
