/** A WhatsApp text, cut into stretches of lines and the code blocks between them. */
export type Segment = { kind: 'prose' | 'code'; text: string }

const FENCED = /```([\s\S]+?)```/g
const REST_OF_LINE = /^[ \t]*\n?/

/**
 * Finds code blocks, which are triple backticks with a line break between them, anywhere on a line.
 * Segments are whole lines and hold no fences: joining them needs a line break between each two.
 * (Triple backticks within one line are inline code to Markdown too.)
 */
export function splitCodeBlocks(text: string): Segment[] {
  const segments: Segment[] = []
  let at = 0
  for (const match of text.matchAll(FENCED)) {
    const code = match[1] ?? ''
    if (!code.includes('\n') || code.trim() === '') continue
    segments.push(...proseBefore(text.slice(at, match.index), segments.length > 0))
    segments.push({ kind: 'code', text: code.replace(/^\n/, '').replace(/\n$/, '') })
    at = match.index + match[0].length
  }
  const rest = text.slice(at)
  if (segments.length === 0) return [{ kind: 'prose', text }]
  if (rest !== '') segments.push({ kind: 'prose', text: rest.replace(REST_OF_LINE, '') })
  return segments
}

/**
 * The lines before a block. Between two blocks, a lone line break or nothing is no line of its own.
 */
function proseBefore(text: string, isAfterCode: boolean): Segment[] {
  const lines = isAfterCode ? text.replace(REST_OF_LINE, '') : text
  if (lines === '') return []
  return [{ kind: 'prose', text: lines.endsWith('\n') ? lines.slice(0, -1) : lines }]
}
