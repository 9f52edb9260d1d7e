import { expect, it } from 'vitest'
import { createAnswers } from './answers.ts'
import type { Prompter } from './prompter.ts'

/** Somebody who types these answers, one after the other. */
function typing(...lines: string[]): Prompter & { asked: unknown[] } {
  const asked: unknown[] = []
  const next = (question: unknown) => {
    asked.push(question)
    return lines.shift() ?? ''
  }
  return {
    asked,
    text: async (question) => next(question),
    secret: async (question) => next(question),
    choose: async (question) => next(question),
    chooseSome: async (question) => next(question).split(','),
    confirm: async () => true,
  }
}

it('takes the flag before the variable before what is known before the fallback', async () => {
  const env = { SETUP_CHATWOOT_URL: 'https://variable.example.com' }
  const flags = { chatwootUrl: 'https://flag.example.com/' }
  const hints = { known: 'https://known.example.com', fallback: 'https://fallback.example.com' }
  const need = (given: Parameters<typeof createAnswers>[0], with_ = hints) =>
    createAnswers(given).need('chatwootUrl', with_)
  expect(await need({ flags, env })).toBe('https://flag.example.com')
  expect(await need({ flags: {}, env })).toBe('https://variable.example.com')
  expect(await need({ flags: {}, env: { SETUP_CHATWOOT_URL: '' } })).toBe(hints.known)
})

it('completes what is known like an answer', async () => {
  const answers = createAnswers({ flags: {}, env: {} })
  const known = 'https://known.example.com/bridge/'
  expect(await answers.need('publicUrl', { known })).toBe('https://known.example.com/bridge')
  expect(await answers.need('account', { known: 'As_it_is' })).toBe('As_it_is')
})

it('names flag and variable of what is missing', async () => {
  const answers = createAnswers({ flags: {}, env: {} })
  await expect(answers.need('publicUrl')).rejects.toMatchObject({
    code: 'setup.missing',
    message: expect.stringMatching(/--public-url or the variable SETUP_PUBLIC_URL/),
  })
  const choices = [{ value: '3', label: 'Shop' }]
  await expect(answers.need('inbox', { choices })).rejects.toThrow('3 (Shop)')
})

it.each([
  ['publicUrl', 'planted'],
  ['account', 'Planted!'],
  ['inbox', 'planted'],
  ['session', '0'],
  ['phone', 'planted'],
  ['phone', '015550001111'],
  ['chatwootAccount', 'planted'],
  ['redisUrl', 'planted:6379'],
  ['chatwootToken', ' '],
] as const)('refuses %s %s without repeating it', (name, value) => {
  const answers = createAnswers({ flags: { [name]: value }, env: {} })
  expect(() => answers.given(name)).toThrow(/^--[a-z-]+: /)
  expect(() => answers.given(name)).not.toThrow(/planted/i)
})

it('reads a number the way people write it', () => {
  const answers = createAnswers({ flags: { phone: '+1 (555) 000-1111' }, env: {} })
  expect(answers.given('phone')).toBe('+15550001111')
})

it('asks whoever is there, suggesting what is known', async () => {
  const prompter = typing('https://chat.example.com/')
  const answers = createAnswers({ flags: {}, env: {}, prompter })
  expect(await answers.need('chatwootUrl', { known: 'https://old.example.com' })).toBe(
    'https://chat.example.com',
  )
  expect(prompter.asked).toEqual([
    expect.objectContaining({ initial: 'https://old.example.com', message: 'Address of Chatwoot' }),
  ])
})

it('never asks for a secret it knows', async () => {
  const prompter = typing()
  const answers = createAnswers({ flags: {}, env: {}, prompter })
  expect(await answers.need('chatwootToken', { known: 'known' })).toBe('known')
  expect(prompter.asked).toEqual([])
})

it('tells a person what is wrong with an answer', async () => {
  const prompter = typing('https://chat.example.com')
  await createAnswers({ flags: {}, env: {}, prompter }).need('chatwootUrl')
  const [question] = prompter.asked as [{ problemWith(answer: string): string | undefined }]
  expect(question.problemWith('ftp://x')).toMatch(/an address such as/)
  expect(question.problemWith('https://chat.example.com')).toBeUndefined()
})
