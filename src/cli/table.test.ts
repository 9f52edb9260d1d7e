import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { renderTable } from './table.ts'

const ID = 'sales.0000000000000042.1790000000000'
const HEAD = ['Id', 'Way', 'Part', 'Reason']
const REASON = 'The gateway refused it three times: the number is not on WhatsApp, it said.'
const ROWS = [
  [ID, 'out', '', REASON],
  [ID, 'in', 2, 'It is too long.'],
]

/** What is drawn on a terminal so wide, or where there is none. */
function drawn(columns?: number, rows = ROWS): string {
  const stdout = Object.assign(new PassThrough(), columns === undefined ? {} : { columns })
  return renderTable(HEAD, rows, { color: false, stdout })
}
const longest = (text: string) => Math.max(...text.split('\n').map(({ length }) => length))
const words = (text: string) => text.replace(/[│┌┐└┘├┤┬┴┼─]/g, ' ').split(/\s+/)

describe('a table', () => {
  it('is as wide as its texts where nobody looks, and where there is room', () => {
    expect(longest(drawn())).toBeGreaterThan(120)
    for (const columns of [longest(drawn()), 200, 0]) expect(drawn(columns)).toBe(drawn())
  })

  it.each([100, 90, 81])('is wrapped to %i columns', (columns) => {
    expect(longest(drawn(columns))).toBeLessThanOrEqual(columns)
    expect(drawn(columns)).toContain(`│ ${ID} │ out │`)
    expect(words(drawn(columns))).toEqual(expect.arrayContaining(REASON.split(' ')))
  })

  it('leaves alone what is narrow already', () => {
    const line = drawn(100)
      .split('\n')
      .find((each) => each.includes('Way'))
    expect(line).toMatch(/│ Way │ Part │ Reason +│$/)
  })

  it('becomes a block for each row where that is not enough', () => {
    expect(drawn(60)).toBe(
      [
        `Id: ${ID}`,
        'Way: out',
        'Reason: The gateway refused it three times: the number is',
        '  not on WhatsApp, it said.',
        '',
        `Id: ${ID}`,
        'Way: in',
        'Part: 2',
        'Reason: It is too long.',
      ].join('\n'),
    )
  })

  it('never cuts an id, however narrow the terminal is', () => {
    expect(drawn(20).split(ID)).toHaveLength(3)
  })

  it('measures characters that are two columns wide', () => {
    const wide = [['1', 'in', '', '客'.repeat(20)]]
    const needed = longest(drawn(undefined, wide).split('\n')[0] ?? '')
    expect(drawn(needed, wide)).toBe(drawn(undefined, wide))
    expect(drawn(needed - 1, wide)).toContain('Reason: 客')
  })

  it('shows what would make up rows or tell the terminal what to do', () => {
    const text = renderTable(['Name'], [['\u001b[2J\u001b]0;pwned\u0007'], ['a\nb\u202e']], {
      color: false,
      stdout: new PassThrough(),
    })
    expect(text).toContain('\\u{1b}[2J\\u{1b}]0;pwned\\u{7}')
    expect(text).toContain('a\\u{a}b\\u{202e}')
  })
})
