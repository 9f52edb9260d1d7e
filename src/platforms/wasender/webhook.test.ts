import { describe, expect, it } from 'vitest'
import { verifyWasenderSignature } from './webhook.ts'

describe('verifyWasenderSignature', () => {
  it.each([
    ['the secret itself', 'whsec-1', 'whsec-1', true],
    ['a secret with other letters', 'whsec-é✓', 'whsec-é✓', true],
    ['another value of the same length', 'whsec-2', 'whsec-1', false],
    ['a beginning of it', 'whsec', 'whsec-1', false],
    ['more than it', 'whsec-11', 'whsec-1', false],
    ['another case', 'WHSEC-1', 'whsec-1', false],
    ['an empty header', '', 'whsec-1', false],
    ['no header', undefined, 'whsec-1', false],
    ['an empty header for an account without a secret', '', '', false],
    ['no header for an account without a secret', undefined, '', false],
    ['any header for an account without a secret', 'whsec-1', '', false],
  ])('%s', (_name, header, secret, expected) => {
    expect(verifyWasenderSignature(header, secret)).toBe(expected)
  })
})
