// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the file takes variables in just this form
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigProblemsError } from '../../../config/problems.ts'
import { checkExisting } from './check-existing.ts'
import { readExisting } from './existing.ts'

const EXAMPLE = new URL('../../../../config/bridge.example.yaml', import.meta.url)

let dir: string
let file: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'setup-'))
  file = join(dir, 'bridge.yaml')
})
afterEach(() => rm(dir, { recursive: true }))

async function problemsWith(env: Record<string, string>, account = 'sales') {
  try {
    checkExisting(await readExisting(file, env), account, env)
  } catch (error) {
    if (error instanceof ConfigProblemsError) return error.problems.map(({ path }) => path)
    throw error
  }
  return []
}

describe('checkExisting', () => {
  it('finds in the example only what a set-up does not fill in', async () => {
    await copyFile(EXAMPLE, file)
    expect(await problemsWith({})).toEqual([
      'server.metricsToken',
      'redis.url',
      'accounts[0].chatwoot.webhookToken',
    ])
    const env = {
      BRIDGE_METRICS_TOKEN: 'token',
      REDIS_URL: 'redis://r',
      SALES_CHATWOOT_WEBHOOK_TOKEN: 'token',
    }
    expect(await problemsWith(env)).toEqual([])
  })

  it('finds mistakes in what is left alone', async () => {
    await writeFile(file, 'accounts:\n  - id: sales\n    options: { pace: fast }\n  - id: shop\n')
    expect(await problemsWith({})).toEqual([
      'accounts[0].options.pace',
      'accounts[1].wasender',
      'accounts[1].chatwoot',
    ])
  })

  it('has nothing to say before there is a configuration', async () => {
    expect(await problemsWith({})).toEqual([])
  })
})

describe('readExisting', () => {
  it('puts variables in, those of the process before those of the env file', async () => {
    await writeFile(
      file,
      'server: { publicUrl: "https://${A}" }\naccounts:\n  - id: shop\n    chatwoot: { inboxId: 3, apiAccessToken: "${B}", webhookSecret: "${C}" }\n',
    )
    await writeFile(join(dir, '.env'), 'A=file\nB=file\n')
    const existing = await readExisting(file, { A: 'process' })
    expect(existing.accountIds).toEqual(['shop'])
    expect(existing.valueAt(['server', 'publicUrl'])).toBe('https://process')
    const ofShop = (key: string) => existing.accountValue('shop', ['chatwoot', key])
    expect([ofShop('inboxId'), ofShop('apiAccessToken')]).toEqual(['3', 'file'])
    // Neither an unset variable nor another account has a value.
    expect(ofShop('webhookSecret')).toBeUndefined()
    expect(existing.accountValue('sales', ['chatwoot', 'inboxId'])).toBeUndefined()
  })

  it('leaves a file that is no YAML to a person', async () => {
    await writeFile(file, 'a: [planted\n')
    await expect(readExisting(file, {})).rejects.toBeInstanceOf(ConfigProblemsError)
  })
})
