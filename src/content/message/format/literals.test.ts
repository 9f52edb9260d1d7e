import { describe, expect, it } from 'vitest'
import { findLiterals } from './literals.ts'

function found(text: string): string[] {
  return findLiterals(text, 'markdown').map(({ from, to }) => text.slice(from, to))
}

describe('findLiterals', () => {
  it.each([
    ['see https://x.y/a_b, then http://z', ['https://x.y/a_b', 'http://z']],
    ['(https://x.y/a_(b))', ['https://x.y/a_(b)']],
    ['[https://x.y](https://x.y/z)', ['https://x.y', 'https://x.y/z']],
    ['*https://x.y/a*', ['https://x.y/a']],
    ['https://x.y/a* b', ['https://x.y/a*']],
    ['**https://x.y/a_b_**.', ['https://x.y/a_b_']],
    ['https://x.y/d*e*f?x=_1_', ['https://x.y/d*e*f?x=_1_']],
    ['*see https://x.y/a_*', ['https://x.y/a_']],
    ['_*~~https://x.y/a~~*_', ['https://x.y/a']],
    ['*a* https://x.y/a*', ['https://x.y/a*']],
    ['5*3 https://x.y/a*', ['https://x.y/a*']],
    ['- *a\n  https://x.y/a*', ['https://x.y/a']],
    ['*a\n\nhttps://x.y/a*', ['https://x.y/a*']],
    ['https://x.y/a~ https://x.y/b_.', ['https://x.y/a~', 'https://x.y/b_']],
    ['www.x.y/a_b', ['www.x.y/a_b']],
    ['x.example/_a_b', ['x.example/_a_b']],
    ['请看https://x.y/a。好', ['https://x.y/a']],
    ['<https://x.y/a_b>', ['https://x.y/a_b']],
    ['first_last@x.y, a+b@c-d.example', ['first_last@x.y', 'a+b@c-d.example']],
    ['_a@x.y_', ['a@x.y']],
    ['snake_case and/or 1.5/2 a@b', []],
  ])('%j', (text, expected) => {
    expect(found(text)).toEqual(expected)
  })
})
