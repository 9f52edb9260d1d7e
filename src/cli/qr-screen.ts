import { createSpinner } from '../kernel/spinner.ts'
import type { CliContext } from './context.ts'
import { columnsOf, widthOf, wrap } from './wrap.ts'

const HOW = 'Scan it with the phone: WhatsApp, Settings, Linked devices, Link a device.'
const ELSEWHERE =
  'While the bridge runs, its page /admin and the conversation “WhatsApp connection” in Chatwoot show it too; so does the WasenderAPI dashboard.'

const CLEAR_SCREEN = '\u001b[2J\u001b[H'

/** What to say instead of a code whose lines the terminal would break: nobody can scan that. */
export function tooNarrowFor(picture: string, stdout: CliContext['stdout']): string | undefined {
  const needed = Math.max(...picture.split('\n').map(({ length }) => length))
  const columns = columnsOf(stdout)
  if (columns === undefined || columns >= needed) return undefined
  return `Make the window at least ${needed} columns wide to see the QR code. ${ELSEWHERE}`
}

/** On a terminal a new code takes the place of the old one; elsewhere they follow each other. */
export function createQrScreen({ stdout, interactive = false }: CliContext) {
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
