import { setTimeout as wait } from 'node:timers/promises'
import type { Qr } from '../accounts/qr-codes.ts'
import { BridgeError, isRetryable, PermanentError } from '../kernel/errors.ts'
import { createSpinner } from '../kernel/spinner.ts'
import { qrTerminal } from '../operators/qr-code.ts'
import type { CliContext } from './context.ts'
import { untilSignal } from './run-until-signal.ts'
import type { SessionTarget } from './session-account.ts'
import { columnsOf, widthOf, wrap } from './wrap.ts'

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

const HOW = 'Scan it with the phone: WhatsApp, Settings, Linked devices, Link a device.'
const ELSEWHERE =
  'While the bridge runs, its page /admin and the conversation “WhatsApp connection” in Chatwoot show it too; so does the WasenderAPI dashboard.'

const CLEAR_SCREEN = '\u001b[2J\u001b[H'

/** What to say instead of a code whose lines the terminal would break: nobody can scan that. */
function tooNarrowFor(picture: string, stdout: CliContext['stdout']): string | undefined {
  const needed = Math.max(...picture.split('\n').map(({ length }) => length))
  const columns = columnsOf(stdout)
  if (columns === undefined || columns >= needed) return undefined
  return `Make the window at least ${needed} columns wide to see the QR code. ${ELSEWHERE}`
}

/** On a terminal a new code takes the place of the old one; elsewhere they follow each other. */
function createQrScreen({ stdout, interactive = false }: CliContext) {
  const spinner = interactive ? createSpinner(stdout) : undefined
  let shown = ''
  let lines = 0

  function put(): void {
    const problem = tooNarrowFor(shown, stdout)
    const words = wrap(problem ?? HOW, widthOf(stdout))
    const text = problem === undefined ? `${shown}\n${words}\n` : `${words}\n`
    stdout.write(text)
    lines = text.split('\n').length - 1
  }

  /** A terminal whose width changes breaks its lines anew, so where they begin is not known any more. */
  function putAnew(): void {
    spinner?.stop()
    stdout.write(CLEAR_SCREEN)
    put()
    turn()
  }

  const turn = () => spinner?.start('Waiting for the scan')

  return {
    draw(picture: string): void {
      if (interactive && lines > 0) stdout.write(`\u001b[${lines}A\u001b[0J`)
      shown = picture
      put()
    },
    wait(): void {
      turn()
      if (interactive) stdout.on('resize', putAnew)
    },
    /** Leaves the cursor on an empty line. */
    waited(): void {
      stdout.off('resize', putAnew)
      spinner?.stop()
    },
  }
}
