import { createSpinner } from '../spinner.ts'
import type { CliContext } from './context.ts'
import { widthOf, wrap } from './wrap.ts'

const HOW = 'Scan it with the phone: WhatsApp, Settings, Linked devices, Link a device.'

/** On a terminal a new code takes the place of the old one; elsewhere they follow each other. */
export function createQrScreen({ stdout, interactive = false }: CliContext) {
  const spinner = interactive ? createSpinner(stdout) : undefined
  let lines = 0
  return {
    draw(picture: string) {
      if (interactive && lines > 0) stdout.write(`\u001b[${lines}A\u001b[0J`)
      const text = `${picture}\n${wrap(HOW, widthOf(stdout))}\n`
      stdout.write(text)
      lines = text.split('\n').length - 1
    },
    wait: () => spinner?.start('Waiting for the scan'),
    /** Leaves the cursor on an empty line. */
    waited: () => spinner?.stop(),
  }
}
