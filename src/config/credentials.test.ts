// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the file takes variables in just this form
import { describe, expect, it } from 'vitest'
import { readCredential } from '../kernel/credential.ts'
import { parseConfig } from './load.ts'
import { ConfigProblemsError } from './problems.ts'
import { MINIMAL_ENV, MINIMAL_YAML } from './testing.ts'

const FULL = MINIMAL_YAML.replace(
  'server:',
  'server:\n  adminToken: ${ADMIN}\n  metricsToken: ${METRICS}',
)
  .replace('wasender:', 'wasender:\n      personalAccessToken: ${PAT}')
  .replace('chatwoot:', 'chatwoot:\n      webhookToken: ${URL_TOKEN}')
const ENV = {
  ...MINIMAL_ENV,
  ADMIN: 'planted-long-admin-token',
  METRICS: 'planted-metrics-token',
  PAT: 'planted-personal-token',
  URL_TOKEN: 'planted-url-token',
}
const KEYS = {
  ADMIN: 'server.adminToken',
  METRICS: 'server.metricsToken',
  KEY: 'accounts[0].wasender.apiKey',
  SECRET: 'accounts[0].wasender.webhookSecret',
  PAT: 'accounts[0].wasender.personalAccessToken',
  TOKEN: 'accounts[0].chatwoot.apiAccessToken',
  INBOX_SECRET: 'accounts[0].chatwoot.webhookSecret',
  URL_TOKEN: 'accounts[0].chatwoot.webhookToken',
}
type Variable = keyof typeof KEYS

function problemsOf(text: string, env: Record<string, string>) {
  try {
    parseConfig({ text, file: 'bridge.yaml', env })
  } catch (error) {
    if (error instanceof ConfigProblemsError) return error.problems
    throw error
  }
  return []
}

/** In the middle of a secret. */
const ODD = [
  '\n',
  '\r\n',
  '\0',
  ' ',
  '\t',
  'ä',
  '\u00a0',
  '\u200b',
  '\u{1f511}',
  '\u007f',
  '\u001b[2J',
  '\ud800',
]

describe('a credential', () => {
  it.each(Object.keys(KEYS) as Variable[])('%s holds nothing a header cannot', (name) => {
    for (const odd of ODD) {
      const value = `CWTOKEN123${odd}${'x'.repeat(20)}`
      const problems = problemsOf(FULL, { ...ENV, [name]: value })
      expect(problems.map(({ path }) => path)).toEqual([KEYS[name]])
      expect(JSON.stringify(problems)).not.toContain('CWTOKEN123')
    }
  })

  it.each(Object.keys(KEYS) as Variable[])('%s may have blanks around it', (name) => {
    const env = { ...ENV, [name]: `\r\n ${ENV[name]}\t\n` }
    expect(parseConfig({ text: FULL, file: 'bridge.yaml', env })).toEqual(
      parseConfig({ text: FULL, file: 'bridge.yaml', env: ENV }),
    )
  })

  it.each(Object.keys(KEYS) as Variable[])('%s is not only blanks', (name) => {
    const problems = problemsOf(FULL, { ...ENV, [name]: ' \n' })
    expect(problems.map(({ path }) => path)).toEqual([KEYS[name]])
  })

  it('is refused in the file as well', () => {
    for (const written of ['"CWTOKEN123\\nx"', "'CWTOKEN123 x'", '"CWTOKEN123\\0x"']) {
      const problems = problemsOf(FULL.replace('${TOKEN}', written), ENV)
      expect(problems.map(({ path }) => path)).toEqual([KEYS.TOKEN])
      expect(JSON.stringify(problems)).not.toContain('CWTOKEN123')
    }
  })

  it('in the answer of a platform is none when no header can hold it', () => {
    expect(readCredential(' secret\n')).toBe('secret')
    for (const odd of ODD) expect(readCredential(`a${odd}b`)).toBeUndefined()
    for (const odd of ['', ' ', undefined, null, 7, {}]) expect(readCredential(odd)).toBeUndefined()
  })
})

describe('an admin token that is short', () => {
  const short = (publicUrl: string, token = 'nineteen-letters-xx') =>
    problemsOf(FULL.replace('https://bridge.example.com/', publicUrl), { ...ENV, ADMIN: token })

  it.each(['https://bridge.example.com', 'http://203.0.113.1.example.com', 'https://8.8.8.8:3000'])(
    'is refused where everybody can reach it: %s',
    (publicUrl) => {
      expect(short(publicUrl).map(({ path }) => path)).toEqual(['server.adminToken'])
      expect(short(publicUrl, 'x'.repeat(20))).toEqual([])
    },
  )

  it.each([
    'http://127.0.0.1:3000',
    'http://localhost:3000',
    'http://[::1]:3000',
    'http://bridge:3000',
  ])('is good enough at %s', (publicUrl) => {
    expect(short(publicUrl)).toEqual([])
  })
})
