import { checksum } from '../../checksum.ts'
import { parseJson } from '../../parse-json.ts'

/** One item as it was written; `undefined` when it is none. */
export type ReadItem<T> = (item: unknown) => T | undefined

/** `{version} {checksum} {JSON list}`. The releases before wrote the list alone. */
const VERSION = '1'
const LINE = /^(\d+) ([0-9a-f]{8}) (?=\[)/

const LF = 0x0a

/** Everything between two line breaks, and what follows the last one. */
export function splitLines(bytes: Buffer): { lines: Buffer[]; rest: Buffer } {
  const lines: Buffer[] = []
  let start = 0
  for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, start)) {
    lines.push(bytes.subarray(start, end))
    start = end + 1
  }
  return { lines, rest: bytes.subarray(start) }
}

export function spoolLine(items: readonly unknown[]): string {
  const json = JSON.stringify(items)
  return `${VERSION} ${checksum(json)} ${json}\n`
}

/** The items of a line; `undefined` when it is not as it was written, or of a release that nobody knows yet. */
export function readSpoolLine<T>(line: Buffer, readItem: ReadItem<T>): T[] | undefined {
  const text = textOf(line)
  if (text === undefined) return undefined
  const [head = '', version, sum] = LINE.exec(text.slice(0, 64)) ?? []
  const json = text.slice(head.length)
  if (version !== undefined && (version !== VERSION || checksum(json) !== sum)) return undefined
  const list = parseJson(json)
  if (!Array.isArray(list)) return undefined
  const items = list.map(readItem)
  return items.every((item) => item !== undefined) ? items : undefined
}

function textOf(line: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line)
  } catch {
    return undefined
  }
}
