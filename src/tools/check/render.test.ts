import { describe, expect, it } from 'vitest'
import { failed, ok, skipped, warning } from './check.ts'
import { renderReport } from './render.ts'
import { reportOf } from './report.ts'

const report = reportOf([
  { account: null, checks: [{ id: 'a', title: 'Redis', findings: [ok('fine.')] }] },
  {
    account: 'sales',
    checks: [
      {
        id: 'b',
        title: 'Token',
        findings: [failed('b.1', 'wrong.', 'Copy it.'), warning('b.2', 'old.', 'Renew it.')],
      },
      { id: 'c', title: 'Inbox', findings: [skipped('"Token" failed')] },
      { id: 'd', title: 'Agents', findings: [skipped('"Token" failed')] },
      { id: 'e', title: 'Nothing', findings: [] },
    ],
  },
])

describe('a report', () => {
  it('counts, and is not ok once something failed', () => {
    expect(report).toMatchObject({
      ok: false,
      counts: { ok: 1, warning: 1, failed: 1, skipped: 2 },
    })
    expect(reportOf(report.groups.slice(0, 1)).ok).toBe(true)
  })

  it('says what to do below what was found, and puts what was skipped together', () => {
    expect(renderReport(report, false)).toBe(
      [
        'The bridge',
        '  ✓ Redis: fine.',
        '',
        'Account sales',
        '  ✗ Token: wrong.',
        '      → Copy it.',
        '  ! Token: old.',
        '      → Renew it.',
        '  – skipped because "Token" failed: Inbox, Agents',
        '',
        '1 failed, 1 warning, 1 ok, 2 skipped.',
      ].join('\n'),
    )
  })

  it('breaks long lines without counting colours', () => {
    const wrap = (text: string, indent: number) =>
      text.replace('wrong', `\n${' '.repeat(indent)}wrong`)
    expect(renderReport(report, true, wrap)).toContain('Token: \n    wrong.')
    expect(renderReport(report, false, wrap)).toContain('  ✗ Token: \n    wrong.')
  })
})
