import { describe, expect, it } from 'vitest'
import { QUESTIONS, type Question } from './questions.ts'

const NONSENSE = [
  '9'.repeat(20),
  '',
  'x y!',
  '0',
  '-1',
  '1.5',
  'http://',
  'https://a b',
  '+12',
  'redis:/',
]

describe('what a question cannot take', () => {
  it.each(Object.entries<Question>(QUESTIONS))('%s says in its own words', (_name, { shape }) => {
    const messages = NONSENSE.flatMap((given) => shape.safeParse(given).error?.issues ?? [])
    expect(messages).not.toEqual([])
    for (const { message } of messages) expect(message).toMatch(/^expected /)
  })
})

it('takes the number of an account of Chatwoot as it is written', () => {
  const { shape } = QUESTIONS.chatwootAccount
  expect(['7', '007', '120'].map((given) => shape.parse(given))).toEqual(['7', '7', '120'])
})
