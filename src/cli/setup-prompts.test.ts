import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { beforeEach, expect, it } from 'vitest'
import type { Prompter } from '../tools/setup/prompter.ts'
import { createPrompter } from './setup-prompts.ts'

const DOWN = '\x1b[B'
const CTRL_C = '\x03'
const HIDE_CURSOR = '\x1b[?25l'
const SHOW_CURSOR = '\x1b[?25h'
const CHOICES = [
  { value: '3', label: 'Shop' },
  { value: 'new', label: 'a new inbox', hint: 'empty' },
]

let input: PassThrough
let shown: string
let signals: EventEmitter
let prompter: Prompter

beforeEach(() => {
  input = new PassThrough()
  const output = new PassThrough()
  shown = ''
  output.on('data', (chunk) => {
    shown += chunk
  })
  signals = new EventEmitter()
  prompter = createPrompter({ input, output, signals })
})

/** Types once the question is on the screen. */
async function answering<T>(question: Promise<T>, ...keys: string[]): Promise<T> {
  // A cancelled question rejects while its keys are still being typed.
  question.catch(() => undefined)
  await expect.poll(() => shown).toContain('Which')
  for (const key of keys) {
    input.write(key)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return question
}

const problemWith = (answer: string) => (answer === 'good' ? undefined : 'is not good')

it('takes a line, without the spaces around it', async () => {
  const question = prompter.text({ message: 'Which', problemWith })
  expect(await answering(question, ' good ', '\r')).toBe('good')
})

it('suggests what is known', async () => {
  const question = prompter.text({ message: 'Which', initial: 'good', problemWith })
  expect(await answering(question, '\r')).toBe('good')
})

it('says what is wrong and asks on', async () => {
  const question = prompter.text({ message: 'Which', problemWith })
  expect(await answering(question, 'goo', '\r', 'd', '\r')).toBe('good')
  expect(shown).toContain('is not good')
})

it('shows nothing of a secret', async () => {
  const question = prompter.secret({ message: 'Which', problemWith })
  expect(await answering(question, 'good', '\r')).toBe('good')
  expect(shown).not.toContain('good')
})

it('takes one of several', async () => {
  const question = prompter.choose({ message: 'Which', choices: CHOICES })
  expect(await answering(question, DOWN, '\r')).toBe('new')
})

it('takes some of several, or none', async () => {
  const some = prompter.chooseSome({ message: 'Which', choices: CHOICES, initial: ['3'] })
  expect(await answering(some, DOWN, ' ', '\r')).toEqual(['3', 'new'])
  shown = ''
  const none = prompter.chooseSome({ message: 'Which', choices: CHOICES, initial: ['3'] })
  expect(await answering(none, ' ', '\r')).toEqual([])
})

it('takes no for an answer', async () => {
  expect(await answering(prompter.confirm({ message: 'Which' }), 'n')).toBe(false)
})

it('ends the set-up when somebody has had enough', async () => {
  const question = prompter.text({ message: 'Which', problemWith })
  await expect(answering(question, CTRL_C)).rejects.toMatchObject({
    code: 'setup.cancelled',
    exitCode: 130,
  })
})

it('ends with a signal, and gives the cursor back', async () => {
  const question = prompter.confirm({ message: 'Which' })
  const ended = expect(question).rejects.toMatchObject({ code: 'setup.cancelled', exitCode: 143 })
  await expect.poll(() => shown).toContain('Which')
  signals.emit('SIGTERM')
  await ended
  expect(shown.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(shown.lastIndexOf(HIDE_CURSOR))
})
