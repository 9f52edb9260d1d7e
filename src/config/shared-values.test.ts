import { describe, expect, it } from 'vitest'
import { parseConfig } from './load.ts'
import { ConfigProblemsError } from './problems.ts'

const account = (id: string, wasender: string, chatwoot: string) => `
  - id: ${id}
    wasender: { ${wasender} }
    chatwoot: { accountId: 1, apiAccessToken: t, webhookSecret: w, ${chatwoot} }`
const head = 'server: { publicUrl: https://bridge.example.com }\naccounts:'
const SALES = account(
  'sales',
  'apiKey: k1, webhookSecret: s1',
  'baseUrl: https://c.example, inboxId: 1',
)

function problemsOf(accounts: string, env = {}, shared?: 'leave') {
  try {
    parseConfig({ text: head + accounts, file: 'bridge.yaml', env, shared })
    return []
  } catch (error) {
    if (!(error instanceof ConfigProblemsError)) throw error
    return error.problems.map(({ path, message }) => ({ path, message }))
  }
}

describe('what two accounts may not share', () => {
  it.each([
    ['a webhook secret', 'apiKey: k2, webhookSecret: s1', 'inboxId: 2', 'wasender.webhookSecret'],
    [
      'a webhook secret with blanks',
      'apiKey: k2, webhookSecret: " s1 "',
      'inboxId: 2',
      'wasender.webhookSecret',
    ],
    [
      'a webhook secret from a variable',
      'apiKey: k2, webhookSecret: "${TWIN}"',
      'inboxId: 2',
      'wasender.webhookSecret',
    ],
    ['a session', 'apiKey: k1, webhookSecret: s2', 'inboxId: 2', 'wasender.apiKey'],
    [
      'a session under another spelling',
      'baseUrl: www.wasenderapi.com, apiKey: k1, webhookSecret: s2',
      'inboxId: 2',
      'wasender.apiKey',
    ],
    ['an inbox', 'apiKey: k2, webhookSecret: s2', 'inboxId: 1', 'chatwoot.inboxId'],
  ])('%s', (_name, wasender, chatwoot, at) => {
    const other = account('berlin', wasender, `baseUrl: https://c.example/, ${chatwoot}`)
    const found = problemsOf(SALES + other, { TWIN: 's1' })
    expect(found).toEqual([
      {
        path: `accounts[1].${at}`,
        message: expect.stringContaining(`is the same as accounts[0].${at}. `),
      },
    ])
    expect(problemsOf(SALES + other, { TWIN: 's1' }, 'leave')).toEqual([])
  })

  it('is told of every account after the first, and without the value', () => {
    const twins = ['b', 'c'].map((id, index) =>
      account(
        id,
        `apiKey: k${id}, webhookSecret: s1`,
        `baseUrl: https://c.example, inboxId: ${index + 2}`,
      ),
    )
    const found = problemsOf(SALES + twins.join(''))
    expect(found.map(({ path }) => path)).toEqual([
      'accounts[1].wasender.webhookSecret',
      'accounts[2].wasender.webhookSecret',
    ])
    expect(JSON.stringify(found)).not.toContain('s1')
  })

  it('is told beside other mistakes', () => {
    const other = account(
      'B',
      'apiKey: k2, webhookSecret: s1',
      'baseUrl: https://c.example, inboxId: 2',
    )
    expect(problemsOf(SALES + other).map(({ path }) => path)).toEqual([
      'accounts[1].id',
      'accounts[1].wasender.webhookSecret',
    ])
  })

  it.each([
    [
      'another gateway',
      'baseUrl: https://w.example/api, apiKey: k1, webhookSecret: s2',
      'baseUrl: https://c.example, inboxId: 2',
    ],
    ['another Chatwoot', 'apiKey: k2, webhookSecret: s2', 'baseUrl: https://d.example, inboxId: 1'],
    [
      'another account of Chatwoot',
      'apiKey: k2, webhookSecret: s2',
      'baseUrl: https://c.example, inboxId: 2',
    ],
  ])('is nothing of %s', (_name, wasender, chatwoot) => {
    expect(problemsOf(SALES + account('berlin', wasender, chatwoot))).toEqual([])
  })

  it.each(['accounts: 3', 'accounts: [1, a, null]', 'accounts: [{ wasender: 1, chatwoot: [] }]'])(
    'says nothing of %s, which the schema tells of',
    (text) => {
      expect(() => parseConfig({ text, file: 'x', env: {} })).toThrow(ConfigProblemsError)
    },
  )
})
