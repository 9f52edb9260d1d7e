import type { Command } from 'commander'
import { PermanentError } from '../kernel/errors.ts'
import { type CliContext, globalOptions, writeResult } from './context.ts'
import { linkByQr } from './sessions-qr.ts'
import { aboutAccount, sessionTarget, type TargetOptions } from './sessions-target.ts'

const CONNECTED = 'Connected.'

/** `sessions connect|qr`. */
export function registerSessionLinking(sessions: Command, cli: CliContext): void {
  aboutAccount(sessions.command('connect [id]'))
    .description('connect the session; shows a QR code when the phone has to scan one')
    .action(async (id: string | undefined, options: TargetOptions, command: Command) => {
      const target = await sessionTarget(command, cli, { ...options, id })
      const result = await target.control.connect(target.account)
      const status = result.status === 'other' ? result.session : result.status
      const isJson = globalOptions(command).json === true
      if (status === 'need_passkey') throw finishElsewhere()
      if (status !== 'need_scan' || isJson) {
        const text = status === 'connected' ? CONNECTED : `The session is ${status} now.`
        return writeResult(command, cli, { value: { status }, text })
      }
      await linkByQr(target, cli)
      writeResult(command, cli, { value: { status: 'connected' }, text: CONNECTED })
    })

  aboutAccount(sessions.command('qr [id]'))
    .description('show the QR code until the phone has scanned it')
    .option('--once', 'only the present code, without waiting')
    .action(
      async (
        id: string | undefined,
        options: TargetOptions & { once?: true },
        command: Command,
      ) => {
        const target = await sessionTarget(command, cli, { ...options, id })
        if (globalOptions(command).json === true) {
          const { qr, expiresAt } = await target.control.qr(target.account)
          const value = { qr, expiresAt: new Date(expiresAt).toISOString() }
          return writeResult(command, cli, { value, text: '' })
        }
        await linkByQr(target, cli, { once: options.once === true })
        if (options.once !== true) cli.stdout.write(`${CONNECTED}\n`)
      },
    )
}

function finishElsewhere(): PermanentError {
  return new PermanentError(
    'This number is linked with a passkey. Finish it in the WasenderAPI dashboard.',
    { code: 'session.no_qr' },
  )
}
