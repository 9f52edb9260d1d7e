import { splitCodeBlocks } from './code-blocks.ts'
import { escapeBlockStart } from './escape-block-start.ts'
import { lineToMarkdown } from './render-spans.ts'
import { INDENT, SEPARATOR } from './separator.ts'
import { type Line, readLine } from './whatsapp-lines.ts'

const FENCE = '```'
const TAB_WIDTH = 4

/**
 * Turns a WhatsApp text into Markdown that Chatwoot's dashboard (markdown-it; line breaks kept, links detected, HTML
 * escaped, docs/platforms/chatwoot.md#the-editor) shows the way WhatsApp shows the text. What WhatsApp shows as typed
 * but Markdown would format is escaped. URLs, e-mail addresses and code are never changed.
 *
 * `toWhatsApp(toMarkdown(text))` is `text` again, except that `* item` becomes `- item`, fences of a code block over
 * several lines get lines of their own, indentation becomes plain spaces and white space at line ends goes. Never
 * throws. For messages Chatwoot treats as outgoing, apply `protectLiquid` to the result.
 */
export function toMarkdown(whatsapp: string): string {
  return splitCodeBlocks(whatsapp.replace(/\r\n?/g, '\n'))
    .map(({ kind, text }) =>
      kind === 'code' ? `${FENCE}\n${text}\n${FENCE}` : proseToMarkdown(text),
    )
    .join('\n')
    .trimEnd()
}

function proseToMarkdown(text: string): string {
  let out = ''
  let before: Line | undefined
  let lastNumber: number | undefined
  for (const source of text.split('\n')) {
    const line = readLine(source.trimEnd(), before, lastNumber)
    if (before !== undefined) out += leavesBlock(before, line) ? SEPARATOR : '\n'
    out += writeLine(line)
    if (line.kind !== 'blank') lastNumber = line.kind === 'numbered' ? line.number : undefined
    before = line
  }
  return out
}

/** Whether Markdown would take `line` for a part of the quote or list right above it. */
function leavesBlock(before: Line, line: Line): boolean {
  if (before.kind === 'blank' || before.kind === 'text') return false
  return line.kind !== 'blank' && line.kind !== before.kind
}

function writeLine(line: Line): string {
  switch (line.kind) {
    case 'blank':
      return ''
    case 'text':
      return writeContent(line.content)
    case 'quote':
      return `> ${writeContent(line.content)}`
    case 'bullet':
      return `- ${writeContent(line.content)}`
    case 'numbered':
      return `${line.number}. ${writeContent(line.content)}`
  }
}

function writeContent(content: string): string {
  const indent = /^[ \t]*/.exec(content)?.[0] ?? ''
  const text = content.slice(indent.length)
  const escaped = lineToMarkdown(text)
  if (indent === '') return escapeBlockStart(text, escaped)
  const columns = Array.from(indent, (char) => (char === '\t' ? TAB_WIDTH : 1))
  return INDENT.repeat(columns.reduce((sum, width) => sum + width, 0)) + escaped
}
