import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { wasenderEventNames } from '../../platforms/wasender/events/index.ts'
import { createMetrics, eventLabel, kindLabel } from './metrics.ts'
import type { Questions } from './on-demand.ts'

const questions: Questions = {
  waiting: async () => [{ account: 'sales', direction: 'in', count: 3, oldestSeconds: 6 }],
  failures: async () => [{ account: 'sales', direction: 'out', count: 2 }],
  limits: async () => [{ account: 'sales', code: '463', isMet: true }],
  openLids: async () => [{ account: 'sales', count: 5 }],
  entries: async () => [{ kind: 'links', count: 9 }],
}

function watched(given: Partial<Questions> = {}) {
  const metrics = createMetrics({ accounts: ['sales', 'support'] })
  const onError = vi.fn()
  metrics.watch({ ...questions, ...given }, onError)
  return { metrics, onError, text: () => metrics.registry.metrics() }
}

describe('metrics', () => {
  it.each([
    'bridge_session_up{account="sales"} 0',
    'bridge_unknown_outcomes{account="support"} 0',
    'bridge_webhooks_total{account="",source="wasender",event="",result="unauthorized"} 0',
    'bridge_webhooks_total{account="support",source="chatwoot",event="message_created",result="queued"} 0',
    'bridge_messages_total{account="sales",direction="in",kind="text",result="delivered"} 0',
    'bridge_messages_total{account="sales",direction="out",kind="text",result="unknown"} 0',
    'bridge_delivery_seconds_count{direction="out"} 0',
  ])('begin with %s', async (line) => {
    expect((await watched().text()).split('\n')).toContain(line)
  })

  it('tell count and age of one and the same scrape', async () => {
    const waiting = vi.fn(questions.waiting)
    const text = await watched({ waiting }).text()
    expect(text).toContain('bridge_waiting{account="sales",direction="in"} 3')
    expect(text).toContain('bridge_oldest_waiting_seconds{account="sales",direction="in"} 6')
    expect(waiting).toHaveBeenCalledTimes(1)
  })

  it('leave out what cannot be told, instead of repeating it, and serve the rest', async () => {
    const away = new Error('away')
    let isAway = false
    const waiting = () => (isAway ? Promise.reject(away) : questions.waiting())
    const { text, onError } = watched({ waiting })
    expect(await text()).toContain('bridge_waiting{')
    isAway = true
    const without = await text()
    expect(without).not.toContain('bridge_waiting{')
    expect(without).not.toContain('bridge_oldest_waiting_seconds{')
    expect(without).toContain('bridge_failures{account="sales",direction="out"} 2')
    expect(without).toContain('bridge_whatsapp_limit{account="sales",code="463"} 1')
    expect(without).toContain('bridge_lids_open{account="sales"} 5')
    expect(onError).toHaveBeenCalledWith(away)
    isAway = false
    expect(await text()).toContain('bridge_waiting{')
  })
})

describe('labels', () => {
  it.each(wasenderEventNames)('%s keeps its name', (event) => {
    expect(eventLabel(event)).toBe(event)
  })
  it.each([
    ['message_created', 'message_created'],
    ['automation_event.message_created', 'automation_event'],
    ['', ''],
    ['unnamed', 'unnamed'],
  ])('%j is %j', (event, label) => {
    expect(eventLabel(event)).toBe(label)
  })

  it('are few, whatever somebody sends', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^zz[\w.-]{1,60}$/), (name) => {
        expect([eventLabel(name), kindLabel(name)]).toEqual(['other', 'other'])
      }),
    )
  })
})
