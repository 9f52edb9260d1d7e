import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

const SCRIPT = new URL('./count-tests.mjs', import.meta.url).pathname
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'count-'))
})
afterAll(() => rm(dir, { recursive: true }))

async function count(report: unknown, exitCode: string): Promise<string> {
  const file = join(dir, 'report.json')
  if (report === undefined) await rm(file, { force: true })
  else await writeFile(file, JSON.stringify(report))
  return execFileSync(process.execPath, [SCRIPT, file, exitCode], { encoding: 'utf8' }).trim()
}

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((result) => ({ status: result })),
})

it.each([
  ['all well', [file('passed', 'passed', 'passed')], 2, 0, '0', '2 0'],
  ['a failed test', [file('failed', 'passed', 'failed')], 1, 1, '1', '1 1'],
  ['a file that did not load', [file('passed', 'passed'), file('failed')], 1, 0, '1', '1 1'],
  ['a run that failed for another reason', [file('passed', 'passed')], 1, 0, '1', '1 1'],
])('%s', async (_, testResults, numPassedTests, numFailedTests, exitCode, line) => {
  expect(await count({ testResults, numPassedTests, numFailedTests }, exitCode)).toBe(line)
})

it('no report at all', async () => {
  expect(await count(undefined, '124')).toBe('0 1')
})
