import { describe, expect, it } from 'vitest'
import { toMarkdown } from './to-markdown.ts'

function cases(title: string, table: readonly (readonly [whatsapp: string, markdown: string])[]) {
  describe(title, () => {
    it.each(table)('%j', (whatsapp, markdown) => {
      expect(toMarkdown(whatsapp)).toBe(markdown)
    })
  })
}

cases('marks', [
  ['*b* _i_ ~s~', '**b** *i* ~~s~~'],
  ['*_both_*', '***both***'],
  ['_*both*_', '_**both**_'],
  ['*a _b_ c*', '**a *b* c**'],
  ['*a*_b_', '**a**_b_'],
  ['*a*b*', '**a\\*b**'],
  ['"*b*", (_i_)!', '"**b**", (*i*)!'],
  ['😀*b*😀', '😀**b**😀'],
  ['*https://x.y/a_b*', '**https://x.y/a_b**'],
])

cases('what WhatsApp shows as typed', [
  ['x * b* *b * a*b*c', 'x * b\\* \\*b * a\\*b\\*c'],
  ['*a\nb*', '\\*a\nb\\*'],
  ['**x** __x__ ~~x~~', '\\*\\*x\\*\\* \\_\\_x\\_\\_ \\~\\~x\\~\\~'],
  ['2 * 3 * 4', '2 * 3 * 4'],
  ['~5 to ~6', '~5 to ~6'],
  ['# a', '\\# a'],
  ['+ a', '\\+ a'],
  ['>a', '\\>a'],
  ['-', '\\-'],
  ['1) a', '1\\) a'],
  ['---', '\\-\\--'],
  ['a\n===', 'a\n\\==='],
  ['***', '\\***'],
  ['a|b\n-|-', 'a|b\n\\-|-'],
  ['[x](y) [x]: y', '[x\\](y) [x\\]: y'],
  ['<b> &amp; <3 & x', '\\<b> \\&amp; <3 & x'],
  ['(c) +- --', '\\(c) \\+- \\--'],
  ['C:\\path \\* a\\', 'C:\\path \\\\\\* a\\\\'],
  ['\\\\server', '\\\\\\server'],
  ['    code', '\u00a0\u00a0\u00a0\u00a0code'],
  ['\tcode', '\u00a0\u00a0\u00a0\u00a0code'],
  ['a`b', 'a\\`b'],
])

cases('untouched', [
  ['https://x.y/_a_/*b*(c)', 'https://x.y/_a_/*b*(c)'],
  ['a_b@x.y', 'a_b@x.y'],
  ['snake_case_word', 'snake_case_word'],
  ['`*c*` ```_d_```', '`*c*` ```_d_```'],
  ['{{x}}', '{{x}}'],
  ['', ''],
])

cases('blocks', [
  ['> a\n> # b', '> a\n> \\# b'],
  ['> a\nb', '> a\n \nb'],
  ['- a\n* b\nc', '- a\n- b\n \nc'],
  ['1. a\n2. b', '1. a\n2. b'],
  ['1. a\n5. b', '1. a\n \n5\\. b'],
  ['a\n5. b', 'a\n5\\. b'],
  ['5. a\n\n6. b', '5. a\n\n6. b'],
  ['- - a', '- \\- a'],
  ['```\na *b*\n```', '```\na *b*\n```'],
  ['x ```a\nb``` y', 'x\n```\na\nb\n```\ny'],
  ['```a\nb```\n\n```c\nd```', '```\na\nb\n```\n\n```\nc\nd\n```'],
  ['a\r\nb \n', 'a\nb'],
])
