import type { Command } from 'commander'
import type { CliContext } from './context.ts'
import { registerSessionActions } from './sessions-actions.ts'
import { registerSessionLinking } from './sessions-link.ts'
import { registerSessionLogs } from './sessions-logs.ts'
import { registerSessionLooks } from './sessions-looks.ts'
import { registerSessionSettings } from './sessions-settings.ts'

/** `sessions …`: manages WhatsApp sessions at WasenderAPI itself, whether or not the bridge runs. */
export function registerSessions(program: Command, cli: CliContext): void {
  const sessions = program
    .command('sessions')
    .description('WhatsApp sessions: look at them, link them, change them')
  registerSessionLooks(sessions, cli)
  registerSessionLinking(sessions, cli)
  registerSessionActions(sessions, cli)
  registerSessionSettings(sessions, cli)
  registerSessionLogs(sessions, cli)
}
