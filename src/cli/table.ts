import Table from 'cli-table3'
import { createColors } from 'picocolors'

/** A table for a terminal. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  color: boolean,
): string {
  const paint = createColors(color)
  const table = new Table({
    head: head.map((title) => paint.bold(title)),
    style: { compact: true, head: [], border: color ? ['gray'] : [] },
  })
  table.push(...rows.map((row) => row.map(String)))
  return table.toString()
}
