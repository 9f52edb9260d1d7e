import { expect, test } from 'vitest'
import { type Feature, featuresOf } from './versions.ts'

test.each<[string, Feature, boolean]>([
  ['4.16.2', 'inboxSignature', true],
  ['4.13.0', 'inboxSignature', true],
  ['4.12.1', 'inboxSignature', false],
  ['4.9.5', 'inboxSignature', false],
  ['4.14.2-ce', 'accountInConversation', true],
  ['4.14.1', 'accountInConversation', false],
  ['5.0.0', 'guardedRetry', true],
  ['4.17', 'guardedRetry', true],
])('%s %s %s', (version, feature, expected) => {
  expect(featuresOf(version)(feature)).toBe(expected)
})
