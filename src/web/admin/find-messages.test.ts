import { describe, expect, it } from 'vitest'
import { recognise } from './message-routes.ts'

describe('an id somebody has at hand', () => {
  it.each([
    ['  ', []],
    ['3EB0D0924CB03EAAC97675', ['whatsapp']],
    [' 41 ', ['chatwoot', 'gateway', 'whatsapp']],
    ['0', ['whatsapp']],
    ['-1', ['whatsapp']],
    ['4.5', ['whatsapp']],
    ['99999999999999999999', ['whatsapp']],
  ])('%j may be of %j', (text, by) => {
    expect(recognise(text).map((each) => each.by)).toEqual(by)
  })
})
