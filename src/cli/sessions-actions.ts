import type { Command } from 'commander'
import { confirmed } from './confirm.ts'
import { type CliContext, globalOptions, writeResult } from './context.ts'
import type { SessionTarget } from './session-account.ts'
import { aboutAccount, sessionTarget, type TargetOptions } from './sessions-target.ts'

type Action = {
  name: string
  what: string
  /** Said afterwards. */
  done: string
  /** What cannot be undone about it; asks before. */
  warning?: string
  act: (target: SessionTarget) => Promise<void>
}

const ACTIONS: readonly Action[] = [
  {
    name: 'disconnect [id]',
    what: 'stop the session; it stays linked with the phone',
    done: 'Disconnected.',
    act: ({ control, account }) => control.disconnect(account),
  },
  {
    name: 'restart [id]',
    what: 'restart a connected session',
    done: 'Restarted.',
    act: ({ control, account }) => control.restart(account),
  },
  {
    name: 'regenerate-key [id]',
    what: 'make a new API key; the old one stops at once',
    done: 'The session has a new API key. A bridge with a personal access token takes it over by itself. Copy it from the WasenderAPI dashboard into the configuration.',
    warning: 'The old API key stops at once, for whatever else uses it too.',
    act: ({ control, account }) => control.regenerateKey(account),
  },
  {
    name: 'delete <id>',
    what: 'delete a session for good',
    done: 'Deleted.',
    warning: 'The session and its API key are deleted for good.',
    async act({ managed }) {
      const { sessions, id } = await managed()
      await sessions.remove(id)
    },
  },
]

/** `sessions disconnect|restart|regenerate-key|delete`. */
export function registerSessionActions(sessions: Command, cli: CliContext): void {
  for (const { name, what, done, warning, act } of ACTIONS) {
    const command = aboutAccount(sessions.command(name)).description(what)
    if (warning !== undefined) command.option('-y, --yes', 'do not ask')
    command.action(
      async (id: string | undefined, options: TargetOptions & { yes?: true }, self: Command) => {
        const target = await sessionTarget(self, cli, { ...options, id })
        const { json } = globalOptions(self)
        if (warning !== undefined) await confirmed(cli, { ...options, message: warning, json })
        await act(target)
        writeResult(self, cli, { value: { done: true }, text: done })
      },
    )
  }
}
