import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../src/tools/check/report.ts'
import { BRIDGE_FAULTS } from './check/bridge-faults.ts'
import { CHATWOOT_FAULTS } from './check/chatwoot-faults.ts'
import {
  account,
  bringPicture,
  firstInbox,
  type Row,
  type Stage,
  startStage,
  type Tree,
  troubles,
} from './check/stage.ts'
import { WASENDER_FAULTS } from './check/wasender-faults.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
})
afterEach(() => stage.reset())
afterAll(() => stage.world.close())

/** The stand-ins live on this machine, and so does the bridge: Chatwoot's filter is rightly spoken of. */
const EXPECTED = ['chatwoot.private_callback']

describe('a set-up that is all right', () => {
  it('has no failure and no warning but the one that is so by nature', async () => {
    const ran = await stage.check(stage.healthy())
    expect(troubles(ran).map(({ id }) => id)).toEqual(EXPECTED)
    expect(ran.exit).toBe(0)
    expect(ran.stderr).toBe('')
  })

  it('is a list for people without --json', async () => {
    const ran = await stage.check(stage.healthy(), { args: [] })
    expect(ran.exit).toBe(0)
    expect(ran.stdout).toMatch(/^The bridge\n {2}✓ Configuration files: /)
    expect(ran.stdout).toContain('\nAccount sales\n  ✓ WasenderAPI: answers at ')
    expect(ran.stdout).toMatch(/\n1 warning, \d+ ok, \d+ skipped\.\n$/)
  })
})

describe.each([
  ['the bridge', BRIDGE_FAULTS],
  ['WasenderAPI', WASENDER_FAULTS],
  ['Chatwoot', CHATWOOT_FAULTS],
])('faults of %s', (_side, faults) => {
  it.each(Object.entries<Row>(faults))('%s', async (_name, row) => {
    const tree = stage.healthy()
    const secrets = secretsIn(tree)
    await row.plant?.(tree, stage)
    const ran = await stage.check(tree, row.options?.(stage))
    const all = troubles(ran)
    const { id, level = 'failed' } = row
    expect(all.find((trouble) => trouble.id === id)).toMatchObject({
      level,
      mend: expect.stringContaining(row.mend),
    })
    expect(ran.exit).toBe(all.some((trouble) => trouble.level === 'failed') ? 1 : 0)
    for (const secret of [...secrets, 'hook-with-a-secret']) {
      expect(`${ran.stdout}${ran.stderr}`).not.toContain(secret)
    }
  })
})

describe('findings', () => {
  it('about the addresses of files need a file to look at', async () => {
    const other = await stage.otherChatwoot({ frontendUrl: 'http://0.0.0.0:3000' })
    const tree = stage.healthy()
    const { id: inboxId, secret: webhookSecret } = firstInbox(other)
    Object.assign(account(tree).chatwoot, {
      ...{ baseUrl: other.url, apiAccessToken: other.adminToken, inboxId, webhookSecret },
    })
    await bringPicture(other)
    const ran = await stage.check(tree)
    expect(troubles(ran).find(({ id }) => id === 'chatwoot.frontend_url')).toMatchObject({
      level: 'warning',
      mend: expect.stringContaining('FRONTEND_URL'),
    })
  })

  it('come once: what builds on a failure is skipped and says so', async () => {
    const tree = stage.healthy()
    account(tree).chatwoot.apiAccessToken = 'wrong'
    const { stdout } = await stage.check(tree, { args: [] })
    expect(stdout.match(/✗/g)).toHaveLength(1)
    expect(stdout).toMatch(
      /skipped because "Chatwoot access token" failed: Inbox, Callback of the inbox,/,
    )
  })

  it('of one account do not hide another, which can be looked at alone', async () => {
    const tree = stage.healthy()
    const broken = structuredClone(account(tree))
    tree.accounts.push({ ...broken, id: 'berlin' })
    broken.wasender.baseUrl = `http://127.0.0.1:${stage.closedPort}/api`
    const all = troubles(await stage.check(tree))
    expect(all.find(({ id }) => id === 'wasender.unreachable')).toMatchObject({
      account: 'berlin',
      found: 'it cannot be reached: nothing listens there.',
    })
    const one = await stage.check(tree, { args: ['--json', '--account', 'sales'] })
    const { groups } = JSON.parse(one.stdout) as Report
    expect(groups.map((group) => group.account)).toEqual([null, 'sales'])
  })
})

describe('what is no finding', () => {
  it('a configuration with mistakes is explained as by every command', async () => {
    const ran = await stage.check({ ...stage.healthy(), data: { dri: 'x' } })
    expect(ran.exit).toBe(1)
    expect(JSON.parse(ran.stdout)).toMatchObject({ error: { code: 'config.invalid' } })
  })

  it('an account that is not configured is an error', async () => {
    const ran = await stage.check(stage.healthy(), { args: ['--account', 'nobody'] })
    expect(ran.exit).toBe(1)
    expect(ran.stderr).toContain('there is: sales')
  })
})

describe('--resync', () => {
  it('sends the settings as they are', async () => {
    const { wasender } = stage.world
    const before = { ...wasender.session() }
    const ran = await stage.check(stage.healthy(), { args: ['--json', '--resync'] })
    expect(ran.exit).toBe(0)
    const [put] = wasender.callsTo(/whatsapp-sessions/, 'PUT').slice(-1)
    expect(put?.body).toEqual({
      webhook_url: before.webhookUrl,
      webhook_enabled: true,
      webhook_events: before.webhookEvents,
    })
  })
})

function secretsIn({ accounts, server }: Tree): string[] {
  const secrets = accounts.flatMap(({ wasender, chatwoot }) => [
    wasender.apiKey,
    wasender.webhookSecret,
    wasender.personalAccessToken,
    chatwoot.apiAccessToken,
    chatwoot.webhookSecret,
  ])
  return [...secrets, server.adminToken].map(String)
}
