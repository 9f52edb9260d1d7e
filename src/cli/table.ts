import { stripVTControlCharacters } from 'node:util'
import Table from 'cli-table3'
import { createColors } from 'picocolors'
import { visible } from '../kernel/text.ts'
import type { CliContext } from './context.ts'
import { columnsOf, wrap } from './wrap.ts'

type Row = readonly string[]

/** A wrapped column stays this wide, if its texts are: a word to a line is hard to read. */
const READABLE = 20

/**
 * A table. On a terminal that is too narrow for it the widest columns are wrapped; where even that does not do, each row
 * becomes a block of `name: value` lines. Words stay whole, so that ids can be copied.
 */
export function renderTable(
  head: readonly string[],
  cells: readonly (readonly (string | number)[])[],
  { color, stdout }: Pick<CliContext, 'color' | 'stdout'>,
): string {
  const rows = cells.map((row) => row.map((cell) => visible(String(cell))))
  const columns = columnsOf(stdout)
  if (columns === undefined) return draw(head, rows, color)
  const widths = fitting(head, rows, columns)
  if (widths === undefined) return blocks(head, rows, { columns, color })
  const wrapped = [head, ...rows].map((row) => row.map((cell, index) => wrap(cell, widths[index])))
  const [wrappedHead = [], ...wrappedRows] = wrapped
  return draw(wrappedHead, wrappedRows, color)
}

function draw(head: Row, rows: readonly Row[], color: boolean): string {
  const paint = createColors(color)
  const table = new Table({
    head: head.map((title) => paint.bold(title)),
    style: { compact: true, head: [], border: color ? ['gray'] : [] },
  })
  table.push(...rows.map((row) => [...row]))
  return table.toString()
}

/** How wide the texts of each column may be. Absent when they cannot be made narrow enough. */
function fitting(head: Row, rows: readonly Row[], columns: number): number[] | undefined {
  const widths = drawnWidths(head, rows)
  const least = drawnWidths(oneWordALine(head), rows.map(oneWordALine)).map((longest, index) =>
    Math.max(longest, Math.min(READABLE, widths[index] ?? 0)),
  )
  // Each column has a border and two spaces; one border more closes the row.
  const room = columns - 3 * widths.length - 1
  for (let excess = sum(widths) - room; excess > 0; excess -= 1) {
    const widest = widestOf(widths, (index) => (widths[index] ?? 0) > (least[index] ?? 0))
    if (widest === undefined) return undefined
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

/** Measured by drawing it, since a character may be two columns wide. */
function drawnWidths(head: Row, rows: readonly Row[]): number[] {
  const [border = ''] = draw(head, rows, false).split('\n')
  return stripVTControlCharacters(border)
    .slice(1, -1)
    .split('┬')
    .map(({ length }) => length - 2)
}

const oneWordALine = (row: Row): string[] => row.map((cell) => cell.replaceAll(' ', '\n'))

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0)

function widestOf(
  widths: readonly number[],
  mayShrink: (index: number) => boolean,
): number | undefined {
  const candidates = [...widths.keys()].filter(mayShrink)
  const widest = Math.max(...candidates.map((index) => widths[index] ?? 0))
  return candidates.find((index) => widths[index] === widest)
}

/** A row as lines of their own; what is empty has none. */
function blocks(
  head: Row,
  rows: readonly Row[],
  { columns, color }: { columns: number; color: boolean },
): string {
  const paint = createColors(color)
  return rows
    .map((row) =>
      head
        .flatMap((title, index) => {
          const value = row[index] ?? ''
          if (value === '') return []
          const lines = wrap(`${title}: ${value}`, columns, 2)
          return [`${paint.bold(lines.slice(0, title.length + 1))}${lines.slice(title.length + 1)}`]
        })
        .join('\n'),
    )
    .join('\n\n')
}
