import type { Readable, Writable } from 'node:stream'
import { confirm, multiselect, password, select, text } from '@clack/prompts'
import { visible } from '../kernel/text.ts'
import type { Choice, Prompter } from '../tools/setup/prompter.ts'
import { asked } from './asked.ts'
import type { Signals } from './run-until-signal.ts'

const CANCELLED = {
  message: 'Cancelled. Run setup again to go on: what is done already stays done.',
  code: 'setup.cancelled',
}

/** Asks on the terminal of the process, or on the streams a test brings. */
export function createPrompter({
  signals,
  ...streams
}: {
  input?: Readable
  output?: Writable
  signals?: Signals | undefined
} = {}): Prompter {
  const answerTo = <T>(ask: Parameters<typeof asked<T>>[1]) => asked(CANCELLED, ask, signals)

  /** Both take a line, which is good once nothing is wrong with it. */
  const lineOf =
    (kind: typeof text | typeof password): Prompter['text'] =>
    async ({ message, initial, problemWith }) => {
      const line = await answerTo((signal) =>
        kind({
          ...streams,
          signal,
          message,
          ...(initial === undefined ? {} : { initialValue: initial }),
          validate: (answer) => problemWith((answer ?? '').trim()),
        }),
      )
      return line.trim()
    }

  return {
    text: lineOf(text),
    secret: lineOf(password),
    choose: ({ message, choices, initial }) =>
      answerTo((signal) =>
        select({
          ...streams,
          signal,
          message,
          options: choices.map(toOption),
          ...(initial === undefined ? {} : { initialValue: initial }),
        }),
      ),
    chooseSome: ({ message, choices, initial }) =>
      answerTo((signal) =>
        multiselect({
          ...streams,
          signal,
          message,
          options: choices.map(toOption),
          initialValues: [...initial],
          required: false,
        }),
      ),
    confirm: ({ message }) => answerTo((signal) => confirm({ ...streams, signal, message })),
  }
}

const toOption = ({ value, label, hint }: Choice) => ({
  value,
  label: visible(label),
  ...(hint === undefined ? {} : { hint: visible(hint) }),
})
