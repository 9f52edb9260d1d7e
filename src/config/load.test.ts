// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the file takes variables in just this form
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError } from '../kernel/errors.ts'
import { loadConfig, parseConfig } from './load.ts'
import { type ConfigProblem, ConfigProblemsError } from './problems.ts'
import { MINIMAL_ENV, MINIMAL_YAML } from './testing.ts'

const parse = (text: string, env: Record<string, string> = MINIMAL_ENV) =>
  parseConfig({ text, file: 'bridge.yaml', env })

function problemsOf(
  text: string,
  env: Record<string, string> = MINIMAL_ENV,
): readonly ConfigProblem[] {
  try {
    parse(text, env)
  } catch (error) {
    if (error instanceof ConfigProblemsError) return error.problems
    throw error
  }
  return []
}

const withOptions = (lines: string) => `${MINIMAL_YAML}    options: ${lines}\n`

describe('a good file', () => {
  it('gets every default', () => {
    const { config, warnings } = parse(MINIMAL_YAML)
    expect(warnings).toEqual([])
    expect(config).toEqual({
      server: { host: '0.0.0.0', port: 3000, publicUrl: 'https://bridge.example.com' },
      data: { dir: './data', store: 'file' },
      accounts: [
        {
          id: 'sales',
          wasender: {
            baseUrl: 'https://www.wasenderapi.com/api',
            apiKey: 'planted-api-key',
            webhookSecret: 'planted-webhook-secret',
            routes: 'auto',
          },
          chatwoot: {
            baseUrl: 'https://chat.example.com',
            accountId: 1,
            inboxId: 3,
            apiAccessToken: 'planted-access-token',
            webhookSecret: 'planted-inbox-secret',
          },
          options: {
            conversations: 'inbox',
            phoneMessages: 'outgoing',
            groups: 'bridge',
            channels: 'ignore',
            reactions: 'message',
            customerDeletes: 'note',
            calls: 'note',
            contactNames: 'if-unset',
            agentName: '',
            readReceipts: 'on-reply',
            typing: true,
            selectAs: 'text',
            media: { via: 'upload', maxBytes: 100_000_000 },
            pace: 'auto',
            retryFor: 259_200_000,
            catchUp: { maxAge: 86_400_000, every: 300_000 },
            commands: true,
            operatorConversation: true,
            locale: 'en',
          },
        },
      ],
    })
  })

  it('takes numbers and switches from variables too', () => {
    const env = { ...MINIMAL_ENV, PACE: '250', TYPING: 'false' }
    const { config } = parse(withOptions('{ pace: "${PACE}", typing: "${TYPING}" }'), env)
    expect(config.accounts[0]?.options).toMatchObject({ pace: 250, typing: false })
  })

  it('keeps the line break of agentName', () => {
    const { config } = parse(withOptions('{ agentName: "*{agent}*\\n" }'))
    expect(config.accounts[0]?.options.agentName).toBe('*{agent}*\n')
  })

  it('lets PORT overrule the port', () => {
    expect(parse(MINIMAL_YAML, { ...MINIMAL_ENV, PORT: '8080' }).config.server.port).toBe(8080)
    expect(parse(MINIMAL_YAML, { ...MINIMAL_ENV, PORT: '' }).config.server.port).toBe(3000)
  })

  it('corrects the address of WasenderAPI with a warning', () => {
    const text = MINIMAL_YAML.replace(
      'wasender:',
      'wasender:\n      baseUrl: www.wasenderapi.com/whatsapp',
    )
    const { config, warnings } = parse(text)
    expect(config.accounts[0]?.wasender.baseUrl).toBe('https://www.wasenderapi.com/api')
    expect(warnings).toEqual([expect.stringContaining('accounts[0].wasender.baseUrl')])
  })

  it('needs only one of the two Chatwoot secrets', () => {
    const text = MINIMAL_YAML.replace('webhookSecret: ${INBOX_SECRET}', 'webhookToken: abc')
    expect(parse(text).config.accounts[0]?.chatwoot).toMatchObject({ webhookToken: 'abc' })
  })
})

describe('variables', () => {
  it('are put in anywhere in a text, and $${ escapes', () => {
    const text = withOptions('{ agentName: "a ${KEY} b $${KEY} ${TOKEN}" }')
    expect(parse(text).config.accounts[0]?.options.agentName).toBe(
      'a planted-api-key b ${KEY} planted-access-token',
    )
  })

  it('that are unset are named with their key, once and all together', () => {
    expect(problemsOf(MINIMAL_YAML.replace('accountId: 1', 'accountId: ${NUMBER}'), {})).toEqual(
      [
        ['accounts[0].wasender.apiKey', 'KEY', 7],
        ['accounts[0].wasender.webhookSecret', 'SECRET', 8],
        ['accounts[0].chatwoot.accountId', 'NUMBER', 11],
        ['accounts[0].chatwoot.apiAccessToken', 'TOKEN', 13],
        ['accounts[0].chatwoot.webhookSecret', 'INBOX_SECRET', 14],
      ].map(([path, name, line]) => ({
        path,
        line,
        message: `takes the environment variable ${name}, which is not set`,
        hint: expect.stringContaining(`set ${name}`),
      })),
    )
  })

  it('are not looked for inside the value of another', () => {
    const { config } = parse(MINIMAL_YAML, { ...MINIMAL_ENV, KEY: '${SECRET}' })
    expect(config.accounts[0]?.wasender.apiKey).toBe('${SECRET}')
  })

  it('without a name are a problem', () => {
    expect(problemsOf(withOptions('{ agentName: "${not a name}" }'))).toEqual([
      expect.objectContaining({ path: 'accounts[0].options.agentName' }),
    ])
  })

  it('that are empty are no secret', () => {
    expect(problemsOf(MINIMAL_YAML, { ...MINIMAL_ENV, SECRET: '' })).toEqual([
      expect.objectContaining({
        path: 'accounts[0].wasender.webhookSecret',
        message: expect.stringContaining('not an empty text'),
      }),
    ])
  })
})

describe('problems', () => {
  it.each([
    ['{ pase: auto }', 'accounts[0].options.pase', 'not a known key', 'did you mean "pace"?'],
    ['{ media: { maxbytes: 1MB } }', 'accounts[0].options.media.maxbytes', 'known', '"maxBytes"'],
    ['{ media: { zzzzzzzz: 1 } }', 'accounts[0].options.media.zzzzzzzz', 'known', 'via, maxBytes'],
    ['{ groups: maybe }', 'accounts[0].options.groups', 'one of: bridge, ignore', undefined],
    ['{ retryFor: 72 }', 'accounts[0].options.retryFor', 'a duration such as', undefined],
    ['{ retryFor: soon }', 'accounts[0].options.retryFor', 'a duration such as', undefined],
    ['{ media: { maxBytes: 5 } }', 'accounts[0].options.media.maxBytes', 'a size', undefined],
    ['{ pace: fast }', 'accounts[0].options.pace', 'auto or milliseconds', undefined],
    ['{ typing: perhaps }', 'accounts[0].options.typing', 'true or false', undefined],
    ['{ catchUp: 5m }', 'accounts[0].options.catchUp', 'a group of keys', undefined],
  ])('%s', (options, path, message, hint) => {
    const [problem, ...others] = problemsOf(withOptions(options))
    expect(others).toEqual([])
    expect(problem).toMatchObject({ path, message: expect.stringContaining(message), line: 15 })
    expect(problem?.hint ?? '').toContain(hint ?? '')
  })

  it.each([
    ['publicUrl: https://bridge.example.com/', 'publicUrl: bridge', 'server.publicUrl'],
    ['inboxId: 3', 'inboxId: 0', 'accounts[0].chatwoot.inboxId'],
    ['inboxId: 3', 'inboxId: three', 'accounts[0].chatwoot.inboxId'],
    ['baseUrl: https://chat.example.com', 'baseUrl: ftp://chat', 'accounts[0].chatwoot.baseUrl'],
    ['id: sales', 'id: Sales', 'accounts[0].id'],
    ['apiKey: ${KEY}', 'sessionId: 4\n      apiKey: a', 'accounts[0].wasender.sessionId'],
    ['webhookSecret: ${INBOX_SECRET}', '', 'accounts[0].chatwoot.webhookSecret'],
    ['apiKey: ${KEY}', 'apiKey: a\n      baseUrl: ftp://x', 'accounts[0].wasender.baseUrl'],
    ['server:', 'redis: { url: localhost:6379 }\nserver:', 'redis.url'],
    ['server:', 'data: { store: disk }\nserver:', 'data.store'],
  ])('%s → %s', (from, to, path) => {
    expect(problemsOf(MINIMAL_YAML.replace(from, to)).map((problem) => problem.path)).toEqual([
      path,
    ])
  })

  it('are all reported at once, missing secrets and repeated ids among them', () => {
    const account = '{ id: a, wasender: { sessionId: x }, chatwoot: { inboxId: 0 } }'
    const paths = problemsOf(`accounts: [${account}, { id: a }]`).map(({ path }) => path)
    expect(new Set(paths)).toEqual(
      new Set([
        'server',
        'accounts[0].wasender.apiKey',
        'accounts[0].wasender.webhookSecret',
        'accounts[0].wasender.sessionId',
        'accounts[0].chatwoot.baseUrl',
        'accounts[0].chatwoot.accountId',
        'accounts[0].chatwoot.inboxId',
        'accounts[0].chatwoot.apiAccessToken',
        'accounts[0].chatwoot.webhookSecret',
        'accounts[1].wasender',
        'accounts[1].chatwoot',
        'accounts[1].id',
      ]),
    )
  })

  it.each(['', '# nothing', '[]', 'text', '12'])('a file that holds only %j', (text) => {
    expect(problemsOf(text).length).toBeGreaterThan(0)
  })

  it('of YAML come with line and column and without the line itself', () => {
    const problems = problemsOf('server:\n  a: planted\n  b: [planted\nc: "planted')
    expect(problems[0]).toMatchObject({
      line: 4,
      message: expect.stringMatching(/line 4, column \d+/),
    })
    expect(JSON.stringify(problems)).not.toContain('planted')
  })

  it('never repeat a value', () => {
    const text = MINIMAL_YAML.replace('accountId: 1', 'accountId: ${KEY}')
      .replace('inboxId: 3', 'inboxId: ${SECRET}')
      .replace('baseUrl: https://chat.example.com', 'baseUrl: ${TOKEN}')
    const problems = problemsOf(text)
    expect(problems).toHaveLength(3)
    expect(JSON.stringify(problems)).not.toContain('planted')
  })
})

describe('which file', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'config-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  it('is --config before BRIDGE_CONFIG', async () => {
    const [named, other] = [join(dir, 'named.yaml'), join(dir, 'other.yaml')]
    await writeFile(named, MINIMAL_YAML)
    await writeFile(other, MINIMAL_YAML.replace('id: sales', 'id: support'))
    const env = { ...MINIMAL_ENV, BRIDGE_CONFIG: other }
    expect((await loadConfig({ path: named, env })).config.accounts[0]?.id).toBe('sales')
    expect((await loadConfig({ env })).config.accounts[0]?.id).toBe('support')
  })

  it('says how to create a missing one', async () => {
    const error = await loadConfig({ path: join(dir, 'none.yaml'), env: {} }).catch((e) => e)
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({ code: 'config.missing' })
    expect(error.message).toContain('bridge.example.yaml')
  })

  it('says that a folder cannot be read', async () => {
    await expect(loadConfig({ path: dir, env: {} })).rejects.toMatchObject({
      code: 'config.unreadable',
    })
  })
})
