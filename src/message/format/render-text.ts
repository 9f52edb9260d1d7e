import type { Break, Text } from 'mdast'
import { charBefore, isSpace } from './characters.ts'
import { type RenderContext, sourceOf, span } from './render-context.ts'
import { INDENT } from './separator.ts'

/**
 * What the parser strips from continuation lines: indentation and the markers of the quotes around.
 */
const LAYOUT = /^[ \t>]*/
const LEADING_INDENT = new RegExp(`^${INDENT}+`)
const ODD_BACKSLASHES = /(?<!\\)(?:\\\\)*\\$/

/**
 * Plain text: escapes and character references are resolved by the parser; the layout it strips
 * from each further line is put back from the source.
 */
export function renderText(node: Text, context: RenderContext): string {
  const source = sourceOf(node, context)
  const { from, to } = span(node)
  const lines = node.value.split('\n')
  const sourceLines = source.split('\n')
  // A reference to a newline (`&#10;`) makes more lines than the source has.
  if (lines.length !== sourceLines.length) return node.value
  const isLineStart = isSpace(charBefore(context.source, from))
  const rendered = lines.map((line, index) => {
    const layout = index === 0 ? '' : (LAYOUT.exec(sourceLines[index] ?? '')?.[0] ?? '')
    return layout + (index > 0 || isLineStart ? withPlainIndent(line) : line)
  })
  return withoutStrayBackslash(rendered.join('\n'), source, context.source.charAt(to))
}

/**
 * A hard break. Chatwoot 4.9 to 4.12 writes every line break as backslash and newline
 * (docs/platforms/chatwoot.md#content).
 */
export function renderBreak(_node: Break, _context: RenderContext): string {
  return '\n'
}

function withPlainIndent(line: string): string {
  return line.replace(LEADING_INDENT, (indent) => ' '.repeat(indent.length))
}

/**
 * Before an empty line a backslash is no hard break to the parser, but the old editor meant one.
 */
function withoutStrayBackslash(text: string, source: string, next: string): string {
  return next === '\n' && ODD_BACKSLASHES.test(source) ? text.slice(0, -1) : text
}
