import { describe, expect, it } from 'vitest'
import { checkLedgers, failedVisibly, unsettled } from './check.ts'
import type { Ledgers, Received, Replied, Said, Shown, Written } from './types.ts'

const CHAT = { account: 'sales', phone: '+15550001111' }
const OTHER = { account: 'support', phone: '+15550001111' }
const yes = () => true

const written = (n: number, more: Partial<Written> = {}): Written => ({
  ...CHAT,
  by: 'customer',
  kind: 'text',
  keyId: `K${n}`,
  mark: { text: `in ${n}.` },
  accepted: yes,
  ...more,
})
const replied = (n: number, more: Partial<Replied> = {}): Replied => ({
  ...CHAT,
  by: 'agent',
  kind: 'text',
  messageId: 100 + n,
  parts: [{ text: `out ${n}.` }],
  accepted: yes,
  ...more,
})
const shown = (n: number, more: Partial<Shown> = {}): Shown => ({
  ...CHAT,
  messageId: n,
  sourceId: `K${n}`,
  incoming: true,
  content: `in ${n}.`,
  sha256: [],
  status: 'sent',
  error: undefined,
  ...more,
})
const asReply = (n: number, more: Partial<Shown> = {}): Shown =>
  shown(100 + n, { sourceId: null, incoming: false, content: `out ${n}.`, ...more })
const received = (n: number, more: Partial<Received> = {}): Received => ({
  ...CHAT,
  keyId: `O${n}`,
  typed: false,
  text: `out ${n}.`,
  sha256: undefined,
  ...more,
})

/** Three messages in each direction, all well. */
const SAID: Said[] = [1, 2, 3].flatMap((n) => [written(n), replied(n)])
const LEDGERS: Ledgers = {
  shown: [...[1, 2, 3].map((n) => shown(n)), ...[1, 2, 3].map((n) => asReply(n))],
  received: [1, 2, 3].map((n) => received(n)),
  split: [],
}

const found = (ledgers: Partial<Ledgers>, said = SAID) =>
  checkLedgers(said, { ...LEDGERS, ...ledgers }).map(({ what, direction }) => [what, direction])
const without = <T>(list: readonly T[], index: number, ...instead: T[]) =>
  list.toSpliced(index, 1, ...instead)

describe('the checker', () => {
  it('finds nothing where all is well', () => {
    expect(found({})).toEqual([])
    expect(unsettled(SAID, LEDGERS)).toEqual([])
  })

  it.each([
    ['lost', { shown: without(LEDGERS.shown, 1) }],
    ['twice', { shown: [...LEDGERS.shown, shown(2, { messageId: 300 })] }],
    ['wrong chat', { shown: without(LEDGERS.shown, 1, shown(2, OTHER)) }],
    ['wrong content', { shown: without(LEDGERS.shown, 1, shown(2, { content: 'in 7.' })) }],
    ['wrong content', { shown: without(LEDGERS.shown, 1, shown(2, { incoming: false })) }],
    ['disorder', { shown: without(LEDGERS.shown, 1, shown(2, { messageId: 0 })) }],
    ['unexpected', { shown: [...LEDGERS.shown, shown(9)] }],
    ['split chat', { split: [{ ...CHAT, into: '2 contacts' }] }],
  ])('finds on the way in: %s', (what, ledgers) => {
    expect(found(ledgers)).toEqual([[what, 'in']])
  })

  it.each([
    ['lost', { received: without(LEDGERS.received, 1) }],
    ['twice', { received: [...LEDGERS.received, received(2)] }],
    ['wrong chat', { received: without(LEDGERS.received, 1, received(2, OTHER)) }],
    ['disorder', { received: [received(1), received(3), received(2)] }],
    ['unexpected', { received: [...LEDGERS.received, received(9)] }],
  ])('finds on the way out: %s', (what, ledgers) => {
    expect(found(ledgers)).toEqual([[what, 'out']])
  })

  describe('of messages whose webhooks overtook each other', () => {
    /** The second message is shown before the first. */
    const swapped = { shown: without(LEDGERS.shown, 1, shown(2, { messageId: 0 })) }
    const SECOND = 1_000
    /** When both were written, and when their webhooks came. */
    const said = (writtenAt: [number, number], cameAt: [number, number]) =>
      SAID.map((one) => {
        if (one.by === 'agent' || one.keyId === 'K3') return one
        const index = one.keyId === 'K1' ? 0 : 1
        const at = writtenAt[index] as number
        const from = cameAt[index] as number
        return { ...one, at, taken: () => ({ from, to: from + 1 }) }
      })

    it.each<[string, [number, number], [number, number], boolean]>([
      ['sorted when both came together', [0, SECOND], [2_100, 2_000], true],
      ['not sorted beyond the wait of what is live', [0, SECOND], [2_200, 2_000], false],
      ['sorted within the wait of what is late', [0, SECOND], [9_900, 9_000], true],
      ['not sorted beyond that', [0, SECOND], [10_100, 9_000], false],
      ['by arrival within one second', [0, 100], [500, 600], true],
      ['not otherwise within one second', [0, 100], [600, 500], false],
    ])('knows what is promised: %s', (_what, writtenAt, cameAt, isOwed) => {
      const findings = found(swapped, said(writtenAt, cameAt))
      expect(findings).toEqual(isOwed ? [['disorder', 'in']] : [])
    })
  })

  it('asks nothing of what was never accepted', () => {
    const said = SAID.map((one) =>
      one.by === 'customer' ? { ...one, accepted: () => false } : one,
    )
    expect(found({ shown: LEDGERS.shown.filter(({ incoming }) => !incoming) }, said)).toEqual([])
  })

  it('lets an agent message fail, if it says so', () => {
    const ledgers = {
      shown: without(LEDGERS.shown, 4, asReply(2, { status: 'failed', error: 'May have arrived' })),
      received: without(LEDGERS.received, 1),
    }
    expect(found(ledgers)).toEqual([])
    expect(failedVisibly(SAID, { ...LEDGERS, ...ledgers })).toHaveLength(1)
  })

  it('tells files by their bytes', () => {
    const file = [{ sha256: 'a' }, { sha256: 'b' }]
    const said = [...SAID, replied(4, { parts: file })]
    const withFiles = (...hashes: string[]) => ({
      shown: [...LEDGERS.shown, asReply(4)],
      received: [...LEDGERS.received, ...hashes.map((sha256) => received(0, { text: '', sha256 }))],
    })
    expect(found(withFiles('a', 'b'), said)).toEqual([])
    expect(found(withFiles('b', 'a'), said)).toEqual([['disorder', 'out']])
    expect(found(withFiles('a'), said)).toEqual([['lost', 'out']])
  })
})
