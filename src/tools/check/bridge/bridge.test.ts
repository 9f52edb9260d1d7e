import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../../config/load.ts'
import { MINIMAL_ENV, MINIMAL_YAML } from '../../../config/testing.ts'
import type { Probed } from '../http-probe.ts'
import { judgeAdminToken } from './admin-token.ts'
import { judgeDisk } from './data-dir.ts'
import { judgePublicReach, type PublicProbes } from './public-reach.ts'
import { judgePublicUrl } from './public-url.ts'
import { judgeServerVersion } from './redis.ts'
import { judgeRedis, readInfo } from './redis-settings.ts'
import { judgeReadiness } from './running.ts'
import { judgeSecretFile } from './secret-files.ts'
import { judgeShared } from './shared-accounts.ts'

const GB = 1_000_000_000

describe('judgeSecretFile', () => {
  it.each([
    ['key: s3cret', 0o100600, undefined],
    ['key: s3cret', 0o100640, 'config.files.open'],
    ['key: s3cret', 0o100604, 'config.files.open'],
    // Only a name stands in it.
    ['key: $KEY', 0o100644, undefined],
  ])('%s with mode %o', (text, mode, id) => {
    expect(judgeSecretFile({ name: 'x', text, mode }, ['s3cret'])).toEqual(
      id === undefined ? undefined : expect.objectContaining({ id }),
    )
  })
})

describe('judgeAdminToken', () => {
  it.each([
    [undefined, 'warning'],
    ['changeme', 'failed'],
    ['a long random text', 'failed'],
    ['short', 'warning'],
    ['0123456789abcdef', 'warning'],
    ['0123456789abcdefghij', 'ok'],
  ])('%s', (token, level) => {
    expect(judgeAdminToken(token).level).toBe(level)
  })
})

describe('judgePublicUrl', () => {
  const https = 'https://bridge.example.com'
  it.each([
    [https, 'public', true, 'ok'],
    ['http://bridge.example.com', 'public', true, 'config.public_url.not_https'],
    [https, 'private', true, 'config.public_url.private'],
    [https, 'unknown', false, 'config.public_url.unknown_name'],
    ['http://127.0.0.1:3000', 'private', false, 'ok'],
  ] as const)('%s (%s), gateway public: %s', (publicUrl, reach, gatewayIsPublic, expected) => {
    const finding = judgePublicUrl({ publicUrl, reach, gatewayIsPublic })
    expect('id' in finding ? finding.id : finding.level).toBe(expected)
  })
})

describe('judgeReadiness', () => {
  const answer = (body: unknown): Probed => ({ answered: true, status: 200, body, location: null })
  const ids = (probed: Probed) =>
    judgeReadiness(probed, 3000).map((each) => ('id' in each ? each.id : each.level))

  it('tells each reason apart', () => {
    expect(ids(answer({ status: 'ready' }))).toEqual(['ok'])
    expect(ids({ answered: false, network: 'ECONNREFUSED' })).toEqual(['bridge.not_running'])
    expect(ids(answer('<html>'))).toEqual(['bridge.other_program'])
    const body = { status: 'not ready', problems: { redis: 'It is away.', new: 'Who knows.' } }
    expect(judgeReadiness(answer(body), 3000)).toEqual([
      expect.objectContaining({ found: expect.stringContaining('It is away.') }),
      expect.objectContaining({ mend: 'The log of the bridge says more.' }),
    ])
  })
})

describe('judgePublicReach', () => {
  const answer = (status: number, body: unknown, location: string | null = null): Probed => ({
    ...{ answered: true, status, body, location },
  })
  const alive = answer(200, { status: 'ok' })
  const hook = answer(200, { received: true })
  const refused: Probed = { answered: false, network: 'ECONNREFUSED' }
  const moved = (path: string) => answer(301, '', `https://x.example${path}`)
  const nothing = answer(404, { error: 'There is nothing here.' })
  const rows: [string, PublicProbes, string][] = [
    ['all well', { health: alive, webhook: hook, origin: undefined }, 'ok'],
    [
      'a proxy that passes the webhooks on, and nothing that is for machines inside',
      { health: answer(404, ''), webhook: hook, origin: undefined },
      'ok',
    ],
    ['refused', { health: refused, webhook: refused, origin: undefined }, 'public.unreachable'],
    [
      'http to https',
      { health: moved('/healthz'), webhook: moved('/webhooks'), origin: undefined },
      'public.redirected',
    ],
    [
      'a sign-in before the webhooks',
      { health: answer(404, ''), webhook: moved('/sign-in'), origin: undefined },
      'public.redirected',
    ],
    [
      'proxy alone',
      { health: answer(502, '<html>'), webhook: answer(502, ''), origin: undefined },
      'public.proxy_without_bridge',
    ],
    ['prefix kept', { health: nothing, webhook: nothing, origin: undefined }, 'public.prefix'],
    [
      'prefix unknown to the proxy',
      { health: answer(404, '<html>'), webhook: nothing, origin: alive },
      'public.prefix',
    ],
    [
      'webhooks blocked',
      { health: alive, webhook: answer(404, '<html>'), origin: undefined },
      'public.path_stripped',
    ],
    [
      'paths that the proxy changes',
      { health: answer(404, '<html>'), webhook: nothing, origin: undefined },
      'public.path_stripped',
    ],
    [
      'another program',
      { health: answer(200, '<html>'), webhook: answer(200, '<html>'), origin: undefined },
      'public.other_service',
    ],
  ]
  it.each(rows)('%s', (_name, probes, expected) => {
    const finding = judgePublicReach('https://x.example', probes)
    expect('id' in finding ? finding.id : finding.level).toBe(expected)
  })
})

describe('judgeRedis', () => {
  const good = {
    redis_version: '7.2.4',
    role: 'master',
    aof_enabled: '1',
    appendfsync: 'always',
    maxmemory_policy: 'noeviction',
    aof_last_write_status: 'ok',
    maxmemory: '0',
    used_memory: '1000',
  }
  it.each([
    [{}, []],
    [{ redis_version: '6.2.0' }, []],
    [{ redis_version: '6.0.16' }, ['redis.too_old']],
    [{ redis_version: undefined }, ['redis.too_old']],
    [{ role: 'slave' }, ['redis.replica']],
    [{ aof_enabled: '0', appendfsync: 'everysec' }, ['redis.appendonly']],
    [{ appendfsync: 'everysec' }, ['redis.appendfsync']],
    // A hosted server that does not tell.
    [{ appendfsync: undefined }, []],
    [{ maxmemory_policy: 'allkeys-lru' }, ['redis.eviction']],
    [{ aof_last_write_status: 'err' }, ['redis.write_error']],
    [{ maxmemory: '1000', used_memory: '790' }, []],
    [{ maxmemory: '1000', used_memory: '800' }, ['redis.memory']],
    [{ maxmemory: '1000', used_memory: '950' }, ['redis.memory_full']],
  ])('%j', (facts, ids) => {
    const found = judgeRedis({ ...good, ...facts })
    expect(found.map((finding) => 'id' in finding && finding.id)).toEqual(ids)
  })

  it('reads INFO', () => {
    expect(readInfo('# Server\r\nredis_version:7.2.4\r\nos:Linux: x\r\n')).toEqual({
      redis_version: '7.2.4',
      os: 'Linux: x',
    })
  })

  it.each([
    ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64', 'ok'],
    ['Redis server v=5.0.14 sha=00000000:0', 'failed'],
    ['Valkey server v=8.0.1 sha=00000000:0', 'ok'],
  ])('%s', (output, level) => {
    expect(judgeServerVersion(output).level).toBe(level)
  })
})

describe('judgeDisk', () => {
  it.each([
    [100 * GB, 250 * GB, 'ok'],
    [10 * GB, 250 * GB, 'warning'],
    [0.9 * GB, 2 * GB, 'warning'],
    [0.1 * GB, 250 * GB, 'failed'],
  ])('%d of %d', (free, total, level) => {
    expect(judgeDisk({ free, total }).level).toBe(level)
  })
})

describe('judgeShared', () => {
  const { config } = parseConfig({ text: MINIMAL_YAML, file: 'x', env: MINIMAL_ENV })
  const sales = config.accounts[0]!
  const other: typeof sales = {
    ...sales,
    id: 'berlin' as typeof sales.id,
    wasender: { ...sales.wasender, apiKey: 'k2', webhookSecret: 's2' },
    chatwoot: { ...sales.chatwoot, accountId: 2, webhookSecret: undefined },
  }
  it('finds what two have in common', () => {
    const all = judgeShared([sales, { ...sales, id: other.id }])
    expect(all.map((finding) => 'id' in finding && finding.id)).toEqual([
      'accounts.same_session',
      'accounts.same_inbox',
      'accounts.same_wasender_secret',
      'accounts.same_chatwoot_secret',
    ])
    expect(all[0]?.found).toContain('sales and berlin')
  })

  it('is silent when it is nothing, also no secret at all', () => {
    const none = { ...other.chatwoot, inboxId: 9 as typeof sales.chatwoot.inboxId }
    expect(
      judgeShared([
        sales,
        other,
        {
          ...other,
          chatwoot: none,
          wasender: { ...other.wasender, apiKey: 'k3', webhookSecret: 's3' },
        },
      ]),
    ).toEqual([])
  })
})
