import { escapeInline } from '../format/escape-inline.ts'

/** Words that are no message, such as names and titles, on one line of Markdown: nothing in them is a mark. */
export function plain(words: string): string {
  const line = words.replace(/\s+/g, ' ').trim()
  return escapeInline(line, { from: 0, to: line.length })
}

export function bold(words: string): string {
  const line = plain(words)
  return line === '' ? '' : `**${line}**`
}

/** A remark of the bridge's own. Its texts hold no marks. */
export function small(words: string): string {
  return `*${words}*`
}

/** Lines below each other; empty and missing ones are left out. */
export function linesOf(...lines: readonly (string | undefined)[]): string {
  return lines.filter((line) => line !== undefined && line !== '').join('\n')
}

/** A link as it is, when it is one; anything else would be text that claims to lead somewhere. */
export function link(url: string | undefined): string | undefined {
  if (url === undefined || !/^https?:\/\/\S+$/i.test(url) || !URL.canParse(url)) return undefined
  return new URL(url).href
}
