import { type Command, Option } from 'commander'
import { stringify } from 'yaml'
import type { z } from 'zod'
import { noToken } from '../accounts/credentials/session-errors.ts'
import { PermanentError } from '../kernel/errors.ts'
import { newSession, sessionChanges } from '../operators/session-input.ts'
import { sessionView } from '../operators/session-view.ts'
import type { SessionSettings } from '../platforms/wasender/session-schema.ts'
import { type CliContext, writeResult } from './context.ts'
import { aboutAccount, sessionTarget, type TargetOptions } from './sessions-target.ts'

type Flag = { flag: string; what: string; kind: 'text' | 'switch' | 'list' }

const FLAGS: { readonly [Setting in keyof SessionSettings]: Flag } = {
  name: { flag: 'name', what: 'what people call it', kind: 'text' },
  phoneNumber: { flag: 'phone-number', what: 'such as +15550002222', kind: 'text' },
  accountProtection: {
    flag: 'account-protection',
    what: 'a send per five seconds',
    kind: 'switch',
  },
  logMessages: { flag: 'log-messages', what: 'keep a log of what is sent', kind: 'switch' },
  readIncomingMessages: {
    flag: 'read-incoming-messages',
    what: 'blue ticks at once; leave it off, agents decide',
    kind: 'switch',
  },
  webhookUrl: { flag: 'webhook-url', what: 'where events are posted', kind: 'text' },
  webhookEnabled: { flag: 'webhook-enabled', what: 'post events at all', kind: 'switch' },
  webhookEvents: { flag: 'webhook-events', what: 'which, with commas between', kind: 'list' },
  autoRejectCalls: { flag: 'auto-reject-calls', what: 'decline every call', kind: 'switch' },
  ignoreGroups: { flag: 'ignore-groups', what: 'nothing from groups', kind: 'switch' },
  ignoreChannels: { flag: 'ignore-channels', what: 'nothing from channels', kind: 'switch' },
  ignoreBroadcasts: {
    flag: 'ignore-broadcasts',
    what: 'no stories, and nothing from broadcast lists; leave it off',
    kind: 'switch',
  },
  alwaysOnline: { flag: 'always-online', what: 'be shown as online', kind: 'switch' },
  proxyUrl: { flag: 'proxy-url', what: 'http, https or socks5', kind: 'text' },
}

/** What a new session cannot do without. */
const NEEDED = ['name', 'phoneNumber'] as const

type Given = TargetOptions & Record<string, string | undefined>

/** `sessions create|update`. */
export function registerSessionSettings(sessions: Command, cli: CliContext): void {
  withFlags(sessions.command('create'))
    .description('make a new session; link it with "sessions connect"')
    .action(async (options: Given, command: Command) => {
      const missing = NEEDED.filter((setting) => options[setting] === undefined)
      if (missing.length > 0) {
        const flags = missing.map((setting) => `--${FLAGS[setting].flag}`)
        command.error(`error: give ${flags.join(' and ')}`)
      }
      const settings = read(newSession, options)
      const { account } = await sessionTarget(command, cli, options)
      if (account.managedSession === undefined) throw noToken(account.id)
      const value = sessionView(await account.wasender.sessions.create(settings))
      writeResult(command, cli, { value, text: stringify(value) })
    })

  withFlags(sessions.command('update [id]'))
    .description('change settings of the account’s session, or of another one')
    .action(async (id: string | undefined, options: Given, command: Command) => {
      const changes = read(sessionChanges, options)
      if (Object.keys(changes).length === 0) command.error('error: give at least one setting')
      const target = await sessionTarget(command, cli, { ...options, id })
      const managed = await target.managed()
      const { session, warning } = await managed.sessions.update(managed.id, changes)
      if (warning !== undefined) {
        cli.stderr.write('warning: the webhook settings are stored but not in effect; try again.\n')
      }
      const value = { ...sessionView(session), warning: warning ?? null }
      writeResult(command, cli, { value, text: stringify(sessionView(session)) })
    })
}

function withFlags(command: Command): Command {
  aboutAccount(command)
  for (const { flag, what, kind } of Object.values(FLAGS)) {
    const option = new Option(`--${flag} <${kind === 'switch' ? 'on|off' : 'value'}>`, what)
    command.addOption(kind === 'switch' ? option.choices(['on', 'off']) : option)
  }
  return command
}

/** @throws {PermanentError} `cli.bad_settings` */
function read<Shape extends z.ZodType>(shape: Shape, options: Given): z.output<Shape> {
  const given = Object.entries(FLAGS).flatMap(([setting, { kind }]) => {
    const value = options[setting]
    return value === undefined ? [] : [[setting, READ[kind](value)] as const]
  })
  const parsed = shape.safeParse(Object.fromEntries(given))
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => {
    const { flag } = FLAGS[path[0] as keyof SessionSettings]
    return `--${flag}: ${message}`
  })
  throw new PermanentError(problems.join('; '), { code: 'cli.bad_settings' })
}

const READ: Record<Flag['kind'], (value: string) => unknown> = {
  text: (value) => value,
  switch: (value) => value === 'on',
  list: (value) => value.split(',').map((each) => each.trim()),
}
