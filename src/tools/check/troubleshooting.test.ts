import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const PAGE = join(import.meta.dirname, '../../../docs/troubleshooting.md')
const FINDING = /(?:failed|warning)\(\s*'([a-z_.A-Z]+\.[a-z_.A-Z]+)'/g
/** Made of the kind of token. */
const COMPOSED = ['wasender.apiKey.refused', 'wasender.apiKey.mixed_up']
/** What findings are named after; options and events are written the same way. */
const AREAS = /^(accounts|bridge|chatwoot|clock|config|data|ffmpeg|inbox|public|redis|session)\./

async function sources(): Promise<string> {
  const names = await readdir(import.meta.dirname, { recursive: true })
  const files = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const texts = files.map((name) => readFile(join(import.meta.dirname, name), 'utf8'))
  return (await Promise.all(texts)).join('\n')
}

it('troubleshooting names no finding that does not exist', async () => {
  const known = new Set([...COMPOSED, ...named(await sources(), FINDING)])
  const written = named(await readFile(PAGE, 'utf8'), /`([a-z_A-Z]+(?:\.[a-z_A-Z]+)+)`/g)
  const settings = new Set([
    'data.dir',
    'session.status',
    'chatwoot.webhookSecret',
    'chatwoot.webhookToken',
    'chatwoot.baseUrl',
    'redis.url',
  ])
  const findings = written.filter((name) => AREAS.test(name) && !settings.has(name))
  expect(findings.length).toBeGreaterThan(40)
  expect(findings.filter((name) => !known.has(name))).toEqual([])
})

const named = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, name = '']) => name)
