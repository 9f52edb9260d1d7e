import { setTimeout as wait } from 'node:timers/promises'
import { spinner } from '@clack/prompts'
import { BridgeError, isRetryable, PermanentError } from '../errors.ts'
import { qrTerminal } from '../session/qr-code.ts'
import type { Qr } from '../session/session-control.ts'
import type { CliContext } from './context.ts'
import type { SessionTarget } from './sessions-target.ts'

/** Between two questions whether the code has been scanned. */
const LOOK_EVERY_MS = 2_000

/** Codes shown in a row to nobody: without a terminal somebody may have forgotten the command. */
const MOST_UNWATCHED = 6

const HOW = 'Scan it with the phone: WhatsApp, Settings, Linked devices, Link a device.'

/** Draws the code, and a new one whenever it is over, until the phone has scanned it. */
export async function linkByQr(
  target: SessionTarget,
  cli: CliContext,
  { once = false }: { once?: boolean } = {},
): Promise<void> {
  const screen = createScreen(cli)
  for (let shown = 0; cli.interactive === true || shown < MOST_UNWATCHED; shown += 1) {
    const code = await codeOrConnected(target, shown === 0)
    if (code === 'connected') return
    screen.draw(await qrTerminal(code.qr))
    if (once) return
    screen.wait()
    const isConnected = await scanned(target, code)
    screen.waited(isConnected)
    if (isConnected) return
  }
  throw new PermanentError(
    'Nobody has scanned the code. Run the command again when the phone is at hand.',
    {
      code: 'session.not_scanned',
      context: { account: target.account.id },
    },
  )
}

/** The code may have been scanned while a new one was asked for; at first there has to be something to scan. */
async function codeOrConnected(
  { control, account }: SessionTarget,
  isFirst: boolean,
): Promise<Qr | 'connected'> {
  try {
    return await control.qr(account)
  } catch (error) {
    const isOver = error instanceof BridgeError && error.code === 'session.connected'
    if (isOver && !isFirst) return 'connected'
    throw error
  }
}

/** False when the code is over. */
async function scanned({ managed }: SessionTarget, { expiresAt }: Qr): Promise<boolean> {
  const { sessions, id } = await managed()
  while (Date.now() < expiresAt) {
    await wait(LOOK_EVERY_MS)
    if ((await statusOf(() => sessions.get(id))) === 'connected') return true
  }
  return false
}

async function statusOf(ask: () => Promise<{ status: string }>): Promise<string | undefined> {
  try {
    return (await ask()).status
  } catch (error) {
    // A question that got no answer is asked again in a moment; the code is still on the screen.
    if (isRetryable(error)) return undefined
    throw error
  }
}

/** On a terminal a new code takes the place of the old one; elsewhere they follow each other. */
function createScreen({ stdout, interactive = false }: CliContext) {
  const turning = interactive ? spinner() : undefined
  let lines = 0
  return {
    draw(picture: string) {
      if (interactive && lines > 0) stdout.write(`\u001b[${lines}A\u001b[0J`)
      const text = `${picture}\n${HOW}\n`
      stdout.write(text)
      // The spinner leaves two lines of its own behind.
      lines = text.split('\n').length + 1
    },
    wait: () => turning?.start('Waiting for the scan'),
    waited: (isDone: boolean) => turning?.stop(isDone ? 'Scanned' : 'The code is over'),
  }
}
