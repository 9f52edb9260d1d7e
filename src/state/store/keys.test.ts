import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AccountId, asId, type ChatId } from '../../kernel/ids.ts'
import { isOpen, linkIndexes, storeKey } from './keys.ts'
import type { OutboundLink, SendState } from './types.ts'

const text = fc.string({ unit: fc.constantFrom('a', ':', '%', '2', '5', '3', 'A') })

describe('store keys', () => {
  it('are different for different ids, whatever characters are in them', () => {
    fc.assert(
      fc.property(text, text, text, text, (a, b, c, d) => {
        fc.pre(a !== c || b !== d)
        const key = (account: string, chat: string): string =>
          storeKey.chat(asId<AccountId>(account), asId<ChatId>(chat))
        expect(key(a, b)).not.toBe(key(c, d))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('an outgoing link', () => {
  const link = (state: SendState): OutboundLink =>
    ({ direction: 'out', account: 'sales', chat: 'lid:1', messageId: 1, state }) as OutboundLink

  it.each([
    ['sending', true],
    ['unknown', true],
    ['accepted', true],
    ['linked', false],
    ['delivered', false],
    ['read', false],
    ['failed', false],
  ] as const)('that is %s is open: %s', (state, open) => {
    expect(isOpen(link(state))).toBe(open)
    expect(linkIndexes.open(link(state)) !== undefined).toBe(open)
  })
})
