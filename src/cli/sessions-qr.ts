import { setTimeout as wait } from 'node:timers/promises'
import type { Qr } from '../accounts/qr-codes.ts'
import { BridgeError, isRetryable, PermanentError } from '../kernel/errors.ts'
import { qrTerminal } from '../operators/qr-code.ts'
import type { CliContext } from './context.ts'
import { createQrScreen, tooNarrowFor } from './qr-screen.ts'
import { untilSignal } from './run-until-signal.ts'
import type { SessionTarget } from './session-account.ts'

/** Between two questions whether the code has been scanned. */
const LOOK_EVERY_MS = 2_000

/** Codes shown in a row to nobody: without a terminal somebody may have forgotten the command. */
const MOST_UNWATCHED = 6

/**
 * Draws the code, and a new one whenever it is over, until the phone has scanned it.
 *
 * @throws {StoppedError} `session.not_linked` after Ctrl-C or SIGTERM.
 */
export function linkByQr(
  target: SessionTarget,
  cli: CliContext,
  { once = false }: { once?: boolean } = {},
): Promise<void> {
  const words = {
    message: `The phone is not linked yet. This shows a code again: ${target.qrCommand}`,
    code: 'session.not_linked',
  }
  const screen = createQrScreen(cli)
  const link = async (signal: AbortSignal) => {
    try {
      // The gateway may take its time to answer; who has had enough does not wait for it.
      await Promise.race([aborted(signal), showCodes(target, cli, { once, screen, signal })])
    } finally {
      screen.waited()
    }
  }
  return untilSignal(words, link, cli.signals)
}

function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  return promise
}

async function showCodes(
  target: SessionTarget,
  cli: CliContext,
  options: { once: boolean; screen: ReturnType<typeof createQrScreen>; signal: AbortSignal },
): Promise<void> {
  const { once, screen, signal } = options
  for (let shown = 0; cli.interactive === true || shown < MOST_UNWATCHED; shown += 1) {
    const code = await codeOrConnected(target, shown === 0)
    if (code === 'connected') return
    const picture = await qrTerminal(code.qr)
    signal.throwIfAborted()
    if (once) refuseToBreak(picture, cli)
    screen.draw(picture)
    if (once) return
    screen.wait()
    const isConnected = await scanned(target, code, signal)
    screen.waited()
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

/** Nobody waits here until the window is wider. */
function refuseToBreak(picture: string, { stdout }: CliContext): void {
  const problem = tooNarrowFor(picture, stdout)
  if (problem !== undefined) throw new PermanentError(problem, { code: 'cli.narrow_terminal' })
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
async function scanned(
  { managed }: SessionTarget,
  { expiresAt }: Qr,
  signal: AbortSignal,
): Promise<boolean> {
  const { sessions, id } = await managed()
  while (Date.now() < expiresAt) {
    await wait(LOOK_EVERY_MS, undefined, { signal })
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
