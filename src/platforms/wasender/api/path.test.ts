import { describe, expect, it } from 'vitest'
import { PermanentError } from '../../../kernel/errors.ts'
import { path } from './api.ts'

describe('path', () => {
  it.each([
    ['+15550001111', 'contacts/%2B15550001111/picture'],
    ['@jane_doe', 'contacts/%40jane_doe/picture'],
    ['15550002222:12@s.whatsapp.net', 'contacts/15550002222%3A12%40s.whatsapp.net/picture'],
    ['../groups', 'contacts/..%2Fgroups/picture'],
    ['a/b?c#d', 'contacts/a%2Fb%3Fc%23d/picture'],
    [12, 'contacts/12/picture'],
  ])('encodes %j', (value, expected) => {
    expect(path`contacts/${value}/picture`).toBe(expected)
  })

  it.each(['', ' ', '.', '..'])('refuses %j, which would be another route', (value) => {
    expect(() => path`contacts/${value}`).toThrow(PermanentError)
  })
})
