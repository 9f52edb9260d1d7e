/** A WhatsApp text, cut into stretches of lines and the code blocks between them. */
export type Segment = { kind: 'prose' | 'code'; text: string }

const FENCED = /```([\s\S]+?)```/g

/**
 * Finds code blocks, which are triple backticks with a line break between them, anywhere on a line. `text` of a
 * block is its lines without the fences. (Triple backticks within one line are inline code to Markdown too.)
 */
export function splitCodeBlocks(text: string): Segment[] {
  const segments: Segment[] = []
  let at = 0
  for (const match of text.matchAll(FENCED)) {
    const code = match[1] ?? ''
    if (!code.includes('\n') || code.trim() === '') continue
    addProse(segments, text.slice(at, match.index))
    segments.push({ kind: 'code', text: code.replace(/^\n/, '').replace(/\n$/, '') })
    at = match.index + match[0].length
  }
  addProse(segments, text.slice(at))
  return segments
}

/** Line breaks next to a block are the block's: its fences stand on lines of their own. */
function addProse(segments: Segment[], text: string): void {
  const isAfterCode = segments.at(-1)?.kind === 'code'
  const prose = isAfterCode ? text.replace(/^[ \t]*\n?/, '') : text
  if (prose !== '') segments.push({ kind: 'prose', text: prose })
}
