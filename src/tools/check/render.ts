import { createColors } from 'picocolors'
import { visible } from '../../kernel/text.ts'
import type { CheckResult, Finding, Level } from './check.ts'
import type { Group, Report } from './report.ts'

type Paint = ReturnType<typeof createColors>

const MARKS: Record<Level, (paint: Paint) => string> = {
  ok: (paint) => paint.green('✓'),
  warning: (paint) => paint.yellow('!'),
  failed: (paint) => paint.red('✗'),
  skipped: () => '–',
}

const COUNTED: readonly Level[] = ['failed', 'warning', 'ok', 'skipped']

/** Breaks a text into lines that begin with so many spaces after the first; it is not coloured yet. */
export type Wrap = (text: string, indent: number) => string

type Style = { paint: Paint; wrap: Wrap }

/** The report for a terminal: one line per finding, below it what to do. */
export function renderReport(
  { groups, counts }: Report,
  color: boolean,
  wrap: Wrap = (text) => text,
): string {
  const paint = createColors(color)
  const style = { paint, wrap }
  const total = COUNTED.filter((level) => counts[level] > 0)
    .map((level) => counted(level, counts[level]))
    .join(', ')
  return [...groups.map((group) => renderGroup(group, style)), paint.bold(`${total}.`)].join('\n\n')
}

function counted(level: Level, count: number): string {
  const plural = level === 'warning' && count !== 1 ? 's' : ''
  return `${count} ${level}${plural}`
}

function renderGroup({ account, checks }: Group, style: Style): string {
  const shown = checks.flatMap(({ title, findings }) =>
    findings
      .filter(({ level }) => level !== 'skipped')
      .map((finding) => renderFinding(title, finding, style)),
  )
  const head = style.paint.bold(account === null ? 'The bridge' : `Account ${account}`)
  return [head, ...shown, ...renderSkipped(checks, style)].join('\n')
}

function renderFinding(title: string, finding: Finding, style: Style): string {
  const { paint } = style
  const line = marked(
    `  ${PLACE} ${title}: ${visible(finding.found)}`,
    4,
    MARKS[finding.level](paint),
    style,
  )
  if (!('mend' in finding)) return line
  return `${line}\n${marked(`      ${PLACE} ${visible(finding.mend)}`, 8, paint.cyan('→'), style)}`
}

/** Stands for a mark while lines are measured, since colours have no width. */
const PLACE = '\u0000'

function marked(text: string, indent: number, mark: string, { wrap }: Style): string {
  return wrap(text, indent).replace(PLACE, mark)
}

/** Many checks are skipped for one reason; they share its line. */
function renderSkipped(checks: readonly CheckResult[], style: Style): string[] {
  const titles = new Map<string, string[]>()
  for (const { title, findings } of checks) {
    for (const { level, found } of findings) {
      if (level === 'skipped') titles.set(found, [...(titles.get(found) ?? []), title])
    }
  }
  const { paint } = style
  return [...titles].map(([reason, skipped]) => {
    const text = `  ${PLACE} skipped because ${visible(reason)}: ${skipped.join(', ')}`
    return paint.dim(marked(text, 4, '–', style))
  })
}
