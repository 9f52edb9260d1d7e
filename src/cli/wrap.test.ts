import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { widthOf, wrap } from './wrap.ts'

describe('wrap', () => {
  it('breaks between words and indents what follows', () => {
    expect(wrap('created  Inbox: a long name', 16, 4)).toBe('created  Inbox:\n    a long name')
  })

  it('fills a line to its last column', () => {
    expect(wrap('1234 6789 x', 9)).toBe('1234 6789\nx')
  })

  it('keeps what stands in front, and leaves long words whole', () => {
    expect(wrap('    https://bridge.example.com is far', 12, 4)).toBe(
      '    https://bridge.example.com\n    is far',
    )
  })

  it('leaves the text alone where nobody looks', () => {
    const stream = new PassThrough()
    expect(widthOf(stream)).toBeUndefined()
    expect(wrap('a b c', widthOf(stream))).toBe('a b c')
  })

  it('takes the width of the terminal up to a hundred columns', () => {
    const terminal = (columns: number) => Object.assign(new PassThrough(), { columns })
    expect([widthOf(terminal(80)), widthOf(terminal(240))]).toEqual([80, 100])
  })
})
