import { createColors } from 'picocolors'
import type { CheckResult, Finding, Level } from './check.ts'
import type { Group, Report } from './report.ts'

type Paint = ReturnType<typeof createColors>

const MARKS: Record<Level, (paint: Paint) => string> = {
  ok: (paint) => paint.green('✓'),
  warning: (paint) => paint.yellow('!'),
  failed: (paint) => paint.red('✗'),
  skipped: (paint) => paint.dim('–'),
}

const COUNTED: readonly Level[] = ['failed', 'warning', 'ok', 'skipped']

/** The report for a terminal: one line per finding, below it what to do. */
export function renderReport({ groups, counts }: Report, color: boolean): string {
  const paint = createColors(color)
  const total = COUNTED.filter((level) => counts[level] > 0)
    .map((level) => counted(level, counts[level]))
    .join(', ')
  return [...groups.map((group) => renderGroup(group, paint)), paint.bold(`${total}.`)].join('\n\n')
}

function counted(level: Level, count: number): string {
  const plural = level === 'warning' && count !== 1 ? 's' : ''
  return `${count} ${level}${plural}`
}

function renderGroup({ account, checks }: Group, paint: Paint): string {
  const shown = checks.flatMap(({ title, findings }) =>
    findings
      .filter(({ level }) => level !== 'skipped')
      .map((finding) => renderFinding(title, finding, paint)),
  )
  const head = paint.bold(account === null ? 'The bridge' : `Account ${account}`)
  return [head, ...shown, ...renderSkipped(checks, paint)].join('\n')
}

function renderFinding(title: string, finding: Finding, paint: Paint): string {
  const line = `  ${MARKS[finding.level](paint)} ${title}: ${finding.found}`
  return 'mend' in finding ? `${line}\n      ${paint.cyan('→')} ${finding.mend}` : line
}

/** Many checks are skipped for one reason; they share its line. */
function renderSkipped(checks: readonly CheckResult[], paint: Paint): string[] {
  const titles = new Map<string, string[]>()
  for (const { title, findings } of checks) {
    for (const { level, found } of findings) {
      if (level === 'skipped') titles.set(found, [...(titles.get(found) ?? []), title])
    }
  }
  return [...titles].map(
    ([reason, skipped]) =>
      `  ${MARKS.skipped(paint)} ${paint.dim(`skipped because ${reason}: ${skipped.join(', ')}`)}`,
  )
}
