import { describe, expect, it } from 'vitest'
import { TransientError } from '../../../kernel/errors.ts'
import type { InboxId } from '../../../kernel/ids.ts'
import type { Inbox } from '../../../platforms/chatwoot/shapes/inbox.ts'
import { parseVersion } from '../../../platforms/chatwoot/version.ts'
import type { Finding } from '../check.ts'
import { judgeAgents } from './agents.ts'
import { judgeHealth, judgeSilence } from './answers.ts'
import { judgeCallback, judgeSecret } from './callback.ts'
import { judgeFileUrl } from './frontend-url.ts'
import { judgeKind } from './inbox.ts'
import { judgeFilter } from './private-callback.ts'
import { judgeProfile, judgeSpellings } from './token.ts'
import { judgeVersion } from './version.ts'

const at = 'accounts[2]'
const ids = (findings: readonly Finding[]) =>
  findings.map((finding) => ('id' in finding ? finding.id : finding.level))

describe('judgeSilence', () => {
  it.each([
    ['chatwoot.unreachable', 'chatwoot.unreachable'],
    ['chatwoot.server_error', 'chatwoot.server_error'],
    ['chatwoot.redirected', 'chatwoot.redirected'],
    ['chatwoot.foreign_answer', 'chatwoot.not_a_chatwoot'],
    ['chatwoot.unreadable_answer', 'chatwoot.not_a_chatwoot'],
    ['chatwoot.not_found', 'chatwoot.not_a_chatwoot'],
  ])('%s', (code, id) => {
    const context = { network: 'CERT_HAS_EXPIRED', status: 500 }
    expect(ids([judgeSilence(new TransientError('x', { code, context }), 'x')])).toEqual([id])
  })
})

it('judgeHealth names what fails', () => {
  expect(judgeHealth({ queueServices: 'ok', dataServices: undefined })).toEqual([])
  expect(ids(judgeHealth({ queueServices: 'failing', dataServices: 'failing' }))).toEqual([
    'chatwoot.queue_failing',
    'chatwoot.data_failing',
  ])
})

describe('judgeVersion', () => {
  it.each([
    ['4.1.0', false, ['chatwoot.too_old']],
    ['4.2.0', true, ['chatwoot.older']],
    ['4.12.1', false, ['chatwoot.unsigned', 'chatwoot.older']],
    ['4.13.0', false, ['ok']],
    ['4.16.2-fork.3', false, ['ok']],
    ['a fork', false, ['ok']],
  ])('%s, with a token in the URL: %s', (raw, hasToken, expected) => {
    expect(ids(judgeVersion({ raw, version: parseVersion(raw) }, { hasToken, at }))).toEqual(
      expected,
    )
  })

  it('says what is missed', () => {
    const words = (raw: string) =>
      judgeVersion({ raw, version: parseVersion(raw) }, { hasToken: true, at })[0]?.found
    expect(words('4.10.0')).toMatch(/not signed.*"delivered".*typed on the phone/)
    expect(words('4.11.0')).not.toContain('typed on the phone')
    expect(words('4.12.0')).not.toContain('delivered')
  })
})

describe('judgeProfile', () => {
  const profile = (accounts: [number, string][]) => ({
    id: 1,
    name: 'x',
    accounts: accounts.map(([id, role]) => ({ id, role, name: 'x' })),
  })
  it.each([
    [profile([[1, 'administrator']]), 'ok'],
    [profile([[1, 'agent']]), 'chatwoot.token.agent'],
    [profile([[2, 'administrator']]), 'chatwoot.account'],
    [profile([]), 'chatwoot.account'],
  ])('%#', (given, expected) => {
    expect(ids([judgeProfile(given, 1, at)])).toEqual([expected])
  })

  it('lists the accounts there are', () => {
    const found = judgeProfile(
      profile([
        [2, 'agent'],
        [5, 'agent'],
      ]),
      1,
      at,
    ).found
    expect(found).toContain('2, 5')
  })
})

it('judgeSpellings says which header gets through', () => {
  expect(judgeSpellings(true).found).toContain('lets api_access_token pass')
  expect(judgeSpellings(false).found).toContain('however it is spelled')
})

it('judgeKind wants an API inbox', () => {
  const inbox = (channelType: string): Inbox => ({
    id: 3 as InboxId,
    name: 'Front desk',
    channelType,
    lockToSingleConversation: false,
    additionalAttributes: {},
  })
  expect(judgeKind(inbox('Channel::Api'), 'x').level).toBe('ok')
  expect(judgeKind(inbox('Channel::Whatsapp'), 'x').found).toContain('"Whatsapp"')
})

describe('judgeCallback', () => {
  const plain = 'https://bridge.example.com/webhooks/chatwoot/sales'
  it.each([
    [plain, [plain], 'ok'],
    [`${plain}/`, [plain], 'ok'],
    [`${plain}/t`, [plain, `${plain}/t`], 'ok'],
    // Without a secret only the token proves who it is.
    [plain, [`${plain}/t`], 'inbox.callback.elsewhere'],
    [plain.replace('https', 'http'), [plain], 'inbox.callback.elsewhere'],
    [undefined, [plain], 'inbox.callback.missing'],
    ['not a url', [plain], 'inbox.callback.no_address'],
    ['bridge.example.com/webhooks/chatwoot/sales', [plain], 'inbox.callback.no_address'],
    ['//bridge.example.com/webhooks/chatwoot/sales', [plain], 'inbox.callback.no_address'],
    ['https://', [plain], 'inbox.callback.no_address'],
    ['ftp://bridge.example.com/webhooks/chatwoot/sales', [plain], 'inbox.callback.no_address'],
    ['bridge.example.com:3000', [plain], 'inbox.callback.no_address'],
  ])('%s for %j', (webhookUrl, urls, expected) => {
    const found = judgeCallback(webhookUrl === undefined ? {} : { webhookUrl }, urls)
    expect(ids([found])).toEqual([expected])
  })

  it('does not show the token', () => {
    const finding = judgeCallback({ webhookUrl: `${plain}/old-t0ken` }, [`${plain}/t0ken`])
    expect(JSON.stringify(finding)).not.toContain('t0ken')
  })
})

it.each([
  ['a', 'a', 'ok'],
  ['a', 'b', 'inbox.secret.differs'],
  [undefined, 'b', 'skipped'],
  ['a', undefined, 'skipped'],
])('judgeSecret(%s, %s)', (theirs, ours, expected) => {
  expect(ids([judgeSecret(theirs, ours, at)])).toEqual([expected])
})

it.each([
  ['4.13.0', 'private', 'ok'],
  ['4.14.0', 'private', 'chatwoot.private_callback.no_switch'],
  ['4.14.1', 'private', 'chatwoot.private_callback'],
  ['a fork', 'private', 'chatwoot.private_callback'],
  ['4.16.2', 'public', 'ok'],
  ['4.16.2', 'unknown', 'ok'],
] as const)('judgeFilter(%s, %s)', (raw, reach, expected) => {
  expect(ids([judgeFilter(parseVersion(raw), reach)])).toEqual([expected])
})

it('judgeAgents wants one at least', () => {
  expect([judgeAgents(0).level, judgeAgents(1).level]).toEqual(['warning', 'ok'])
})

it.each([
  ['https://chat.example.com/rails/x', 'upload', 'ok'],
  ['http://0.0.0.0:3000/rails/x', 'upload', 'warning'],
  ['http://0.0.0.0:3000/rails/x', 'link', 'failed'],
  ['nonsense', 'upload', 'warning'],
] as const)('judgeFileUrl(%s, %s)', (fileUrl, via, level) => {
  const facts = { fileUrl, baseUrl: 'https://chat.example.com', via, at }
  expect(judgeFileUrl(facts).level).toBe(level)
})
