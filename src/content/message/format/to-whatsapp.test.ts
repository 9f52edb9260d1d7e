import { describe, expect, it } from 'vitest'
import { toWhatsApp } from './to-whatsapp.ts'

function cases(title: string, table: readonly (readonly [markdown: string, whatsapp: string])[]) {
  describe(title, () => {
    it.each(table)('%j', (markdown, whatsapp) => {
      expect(toWhatsApp(markdown)).toBe(whatsapp)
    })
  })
}

function unchanged(title: string, texts: readonly string[]) {
  cases(
    title,
    texts.map((text) => [text, text]),
  )
}

cases('marks', [
  ['**bold** __bold__', '*bold* *bold*'],
  ['*italic* _italic_', '_italic_ _italic_'],
  ['***both***', '*_both_*'],
  ['**_both_** _**both**_', '*_both_* _*both*_'],
  ['~~gone~~', '~gone~'],
  ['**a *b* c**', '*a _b_ c*'],
  ['**a **b** c**', '*a b c*'],
  ['**a\nb**', '*a*\n*b*'],
  ['> **a\\\n> b**', '> *a*\n> *b*'],
  ['**bold**, (*it*)! "~~x~~"', '*bold*, (_it_)! "~x~"'],
  ['这是**重点**内容', '这是*重点*内容'],
])

cases('code', [
  ['`x`', '`x`'],
  ['``a`b``', '```a`b```'],
  ['`` `a ``', '`a'],
  ['``` a ```', '``` a ```'],
  ['`a\nb`', '```a\nb```'],
  ['```js\nx = *a*\n```\nafter', '```\nx = *a*\n```\nafter'],
  ['~~~\na_b_c\n~~~', '```\na_b_c\n```'],
  ['```\nnever closed', '```\nnever closed'],
  ['```first line\nsecond```', '```first line\nsecond```'],
  ['```two words\nx\n```', '```two words\nx\n```'],
  ['> ```js\n> x\n> ```\nafter', '> ```\n> x\n> ```\nafter'],
  ['````\n```\ninner\n```\n````', '```\ninner\n```'],
  ['```', '```'],
])

cases('links and pictures', [
  ['[label](https://x.y/a_b_c)', 'label: https://x.y/a_b_c'],
  ['[https://x.y/a_b](https://x.y/a_b)', 'https://x.y/a_b'],
  ['[x.y](https://x.y/)', 'https://x.y/'],
  ['[write](mailto:a_b@x.y?subject=z)', 'write: a_b@x.y'],
  ['[a@x.y](mailto:a@x.y)', 'a@x.y'],
  ['[call](tel:+15550001111)', 'call: +15550001111'],
  ['[**label**](https://x.y "title")', '*label*: https://x.y'],
  ['[](https://x.y)', 'https://x.y'],
  ['see[here](https://x.y)now', 'seehere: https://x.y now'],
  ['[@Name](mention://user/1/Name), hello', '@Name, hello'],
  ['<https://a_b_c.de>', 'https://a_b_c.de'],
  ['![alt](https://x.y/a_b.png)', 'alt: https://x.y/a_b.png'],
  ['![](https://x.y/z.png)', 'https://x.y/z.png'],
])

cases('blocks', [
  ['* a\n* b\n  * c', '- a\n- b\n  - c'],
  ['+ a', '- a'],
  ['1. a\n2. b', '1. a\n2. b'],
  ['> a\n> b', '> a\n> b'],
  ['>a\n\n>>b', '> a\n\n> > b'],
  ['# Title\ntext', '*Title*\ntext'],
  ['## **Title** `x` ##', '*Title `x`*'],
])

cases('breaks and escapes', [
  ['a\\\nb', 'a\nb'],
  ['a\\\n\\\nb', 'a\n\nb'],
  ['a\\\n\nb', 'a\n\nb'],
  ['a\\\\\n\nb', 'a\\\n\nb'],
  ['a\r\nb', 'a\nb'],
  ['a  \nb', 'a\nb'],
  ['a\n\n\n\nb\n\n', 'a\n\n\n\nb'],
  ['\\*a\\* \\_b\\_ 1\\. \\# \\>', '*a* _b_ 1. # >'],
  ['it&#39;s &lt;ok&gt; &amp; done', "it's <ok> & done"],
])

unchanged('texts people type', [
  '2 * 3 * 4',
  'a*b*c',
  '5*3=15',
  '2**3**4',
  '(a*b)*(c*d)',
  'x = *p + *q',
  'snake_case_words and file_names_with.ext',
  '#tag and #2',
  '1. text',
  '3) text',
  '+ 5 EUR\n- 3 EUR',
  '>5 and >=6',
  '>5',
  'C:\\path\\file',
  'C:\\',
  '\\\\server\\share',
  'arr[i](x) and [1]: note',
  '~5 to ~6, ~a~',
  'a\n---\nb\n===',
  'Hello\n\n--\n\nsignature',
  '| a | b |\n|---|---|',
  '<b>bold</b> <!-- x -->',
  '    indented',
  '*',
  '**',
  '[',
  '',
])

unchanged('URLs and addresses', [
  'https://x.y/_a_/*b*/~~c~~(d_e)?q=**1**&amp;r=[s]#_t',
  'https://x.y/a_b_ https://x.y/c_',
  '请看https://x.y/*a*b',
  'www.x.y/_a_b_c',
  'x.example/*a*b',
  'first_last@sub_.x.y a_b_c@x.y',
])

cases('URLs inside marks', [
  ['**https://x.y/a_b**', '*https://x.y/a_b*'],
  ['*see https://x.y/a*b.*', '_see https://x.y/a*b._'],
  ['(https://x.y/a_(b)) **c**', '(https://x.y/a_(b)) *c*'],
])
