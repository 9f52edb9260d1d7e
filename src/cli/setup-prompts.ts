import type { Readable, Writable } from 'node:stream'
import {
  type CANCEL_SYMBOL,
  confirm,
  isCancel,
  multiselect,
  password,
  select,
  text,
} from '@clack/prompts'
import { ConfigError } from '../errors.ts'
import type { Choice, Prompter } from '../setup/prompter.ts'

/** Asks on the terminal of the process, or on the streams a test brings. */
export function createPrompter(streams: { input?: Readable; output?: Writable } = {}): Prompter {
  return {
    text: async ({ message, initial, problemWith }) =>
      answered(
        await text({
          ...streams,
          message,
          ...(initial === undefined ? {} : { initialValue: initial }),
          validate: (answer) => problemWith((answer ?? '').trim()),
        }),
      ).trim(),
    secret: async ({ message, problemWith }) =>
      answered(
        await password({
          ...streams,
          message,
          validate: (answer) => problemWith((answer ?? '').trim()),
        }),
      ).trim(),
    choose: async ({ message, choices, initial }) =>
      answered(
        await select({
          ...streams,
          message,
          options: choices.map(toOption),
          ...(initial === undefined ? {} : { initialValue: initial }),
        }),
      ),
    chooseSome: async ({ message, choices, initial }) =>
      answered(
        await multiselect({
          ...streams,
          message,
          options: choices.map(toOption),
          initialValues: [...initial],
          required: false,
        }),
      ),
    confirm: async ({ message }) => answered(await confirm({ ...streams, message })),
  }
}

const toOption = ({ value, label, hint }: Choice) => ({
  value,
  label,
  ...(hint === undefined ? {} : { hint }),
})

function answered<T>(answer: T | typeof CANCEL_SYMBOL): T {
  if (!isCancel(answer)) return answer
  throw new ConfigError('Cancelled. Run setup again to go on: what is done already stays done.', {
    code: 'setup.cancelled',
  })
}
