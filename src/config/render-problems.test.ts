import { expect, it } from 'vitest'
import { renderProblems } from './problems.ts'

const problems = [
  { path: 'server.prot', message: 'is not a known key', hint: 'did you mean "port"?', line: 3 },
  { path: '', message: 'is not valid YAML at line 1, column 2: tab as indent' },
]

it('writes one line per problem and the hint below', () => {
  expect(renderProblems(problems, { color: false })).toBe(
    [
      '  ✗ server.prot is not a known key (line 3)',
      '    did you mean "port"?',
      '  ✗ is not valid YAML at line 1, column 2: tab as indent',
    ].join('\n'),
  )
})

it('paints on request only', () => {
  const ansi = String.fromCharCode(27)
  expect(renderProblems(problems, { color: true })).toContain(ansi)
  expect(renderProblems(problems, { color: false })).not.toContain(ansi)
})
