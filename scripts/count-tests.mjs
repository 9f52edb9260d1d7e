/**
 * Prints "<passed> <failed>" from vitest's JSON report. A test file that did not load counts as one failure, and
 * so does a run that failed, hung or left no report although no test in it failed.
 *
 * Usage: node scripts/count-tests.mjs <report> <exit code of vitest>
 */
import { existsSync, readFileSync } from 'node:fs'

const [file = '', exitCode = '1'] = process.argv.slice(2)
const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { testResults: [] }
const broken = report.testResults.filter(
  ({ status, assertionResults }) =>
    status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
)
const failed = (report.numFailedTests ?? 0) + broken.length
const unexplained = exitCode !== '0' && failed === 0 ? 1 : 0
process.stdout.write(`${report.numPassedTests ?? 0} ${failed + unexplained}\n`)
