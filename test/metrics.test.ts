import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Chat, startChat } from './support/chat.ts'
import { groupedBy, looksOf } from './support/promql.ts'

const DOCS = join(import.meta.dirname, '../docs')
const TOKEN = 'a-long-random-metrics-token'

type Rule = { alert: string; expr: string; labels: object; annotations: Record<string, string> }
type Panel = { title: string; type: string; targets?: { expr: string; legendFormat: string }[] }
type Variable = { name: string; query: unknown }

const rules: Rule[] = parse(await readFile(join(DOCS, 'prometheus-alerts.yml'), 'utf8')).groups[0]
  .rules
const dashboard: { panels: Panel[]; templating: { list: Variable[] } } = JSON.parse(
  await readFile(join(DOCS, 'grafana-dashboard.json'), 'utf8'),
)
const drawn = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr, legendFormat }): [string, string, string] => [title, expr, legendFormat]),
)
const asked: [string, string, string][] = [
  ...drawn,
  ...rules.map(({ alert, expr, annotations }): [string, string, string] => [
    alert,
    expr,
    Object.values(annotations).join(' '),
  ]),
]

/** Labels every scraped series has, and the one of histogram buckets. */
const GIVEN = ['instance', 'job', 'le']

let chat: Chat
/** Metric name to the labels its series have. */
let series: Map<string, Set<string>>

beforeAll(async () => {
  chat = await startChat({
    config: {
      server: {
        host: '127.0.0.1',
        publicUrl: 'http://127.0.0.1',
        metricsToken: TOKEN,
      },
    },
  })
  await chat.reply('Good afternoon')
  await chat.gets(1)
  await chat.settled()
  series = seriesIn(await (await scrape()).text())
})
afterAll(() => chat.close())

const scrape = (token = TOKEN) =>
  fetch(`${chat.world.bridge.url}/metrics`, { headers: { Authorization: `Bearer ${token}` } })

function seriesIn(text: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const line of text.split('\n')) {
    const [, name, labels = ''] = /^([a-z_]\w*)(\{.*\})? /i.exec(line) ?? []
    if (name === undefined) continue
    const known = found.get(name) ?? new Set<string>()
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label)
    found.set(name, known)
  }
  return found
}

async function value(line: string): Promise<number> {
  const text = await (await scrape()).text()
  const found = text.split('\n').find((each) => each.startsWith(`${line} `))
  return found === undefined ? Number.NaN : Number(found.slice(line.length))
}

describe('what Prometheus sees', () => {
  it('needs the token, when there is one', async () => {
    expect((await scrape('wrong')).status).toBe(401)
    expect((await fetch(`${chat.world.bridge.url}/metrics`)).status).toBe(401)
    expect((await scrape()).headers.get('content-type')).toContain('version=0.0.4')
  })

  it('is every metric that was promised, with its labels', () => {
    const promised = {
      bridge_webhooks_total: ['account', 'source', 'event', 'result'],
      bridge_messages_total: ['account', 'direction', 'kind', 'result'],
      bridge_waiting: ['account', 'direction'],
      bridge_oldest_waiting_seconds: ['account', 'direction'],
      bridge_delivery_seconds_bucket: ['direction', 'le'],
      bridge_upstream_seconds_bucket: ['upstream', 'operation', 'status', 'le'],
      bridge_failures: ['account', 'direction'],
      bridge_unknown_outcomes: ['account'],
      bridge_session_up: ['account'],
      bridge_whatsapp_limit: ['account', 'code'],
      bridge_lids_open: ['account'],
      bridge_store_entries: ['kind'],
    }
    for (const [name, labels] of Object.entries(promised)) {
      expect([name, [...(series.get(name) ?? [])].sort()]).toEqual([name, labels.sort()])
    }
  })

  it('counts what has happened', async () => {
    const message = 'bridge_messages_total{account="sales",direction'
    expect(await value(`${message}="in",kind="text",result="delivered"}`)).toBeGreaterThan(0)
    expect(await value(`${message}="out",kind="text",result="accepted"}`)).toBe(1)
    expect(await value('bridge_delivery_seconds_count{direction="out"}')).toBeGreaterThan(0)
    expect(await value('bridge_store_entries{kind="links"}')).toBeGreaterThan(1)
  })

  it('knows a session that was connected before the bridge was started', async () => {
    const up = 'bridge_session_up{account="sales"}'
    await expect.poll(() => value(up)).toBe(1)
    await chat.world.wasender.setStatus(chat.world.wasender.session().id, 'need_scan')
    await expect.poll(() => value(up)).toBe(0)
  })

  it('grows by no event a stranger makes up', async () => {
    const url = `${chat.world.bridge.url}/webhooks/wasender/sales`
    const headers = { 'X-Webhook-Signature': 'not-the-secret' }
    for (const event of ['made.up.one', 'made.up.two']) {
      await fetch(url, { method: 'POST', headers, body: JSON.stringify({ event }) })
      await chat.world.wasender.emit(chat.world.wasender.session().id, event, {})
    }
    const webhooks = 'bridge_webhooks_total{account'
    const refused = `${webhooks}="",source="wasender",event="",result="unauthorized"}`
    expect(await value(refused)).toBe(2)
    const other = `${webhooks}="sales",source="wasender",event="other",result="unknown"}`
    await expect.poll(() => value(other)).toBe(2)
    expect(await (await scrape()).text()).not.toContain('made.up')
  })
})

describe('the dashboard and the rules', () => {
  it('look at something', () => {
    expect(drawn.length).toBeGreaterThan(25)
    expect(rules.length).toBeGreaterThan(7)
    expect(looksOf('sum by (a) (rate(bridge_x{b=~"c|",d!="e"}[5m])) > 0.1')).toEqual([
      { metric: 'bridge_x', matched: ['b', 'd'] },
    ])
  })

  it.each(asked)('%s: %s is about series there are', (_title, expr, words) => {
    const looks = looksOf(expr)
    expect(looks).not.toEqual([])
    const known = new Set(GIVEN)
    for (const { metric, matched } of looks) {
      const labels = series.get(metric)
      expect(labels, metric).toBeDefined()
      expect([...(labels ?? []), ...GIVEN]).toEqual(expect.arrayContaining(matched))
      for (const label of labels ?? []) known.add(label)
    }
    expect([...known]).toEqual(expect.arrayContaining(groupedBy(expr)))
    const shown = [...words.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(
      ([, label]) => label,
    )
    expect(groupedBy(expr).concat([...known])).toEqual(expect.arrayContaining(shown))
  })

  it.each(drawn)('%s: %s has balanced brackets', (_title, expr) => {
    for (const [open = '', close = ''] of ['()', '{}', '[]']) {
      expect(expr.split(open).length).toBe(expr.split(close).length)
    }
  })

  it.each(rules)('$alert says what is wrong and what to do', ({ labels, annotations }) => {
    expect(labels).toEqual({ severity: expect.stringMatching(/^(critical|warning)$/) })
    expect(annotations.summary).toMatch(/\w{3}/)
    expect(annotations.description).toMatch(/\w{3}.*\./s)
  })

  it('the dashboard asks for the data source and the accounts', () => {
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'account'])
    const ids = dashboard.panels.map((panel) => (panel as unknown as { id: number }).id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
