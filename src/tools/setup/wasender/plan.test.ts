import { describe, expect, it } from 'vitest'
import { wasenderSubscriptions } from '../../../platforms/wasender/events/index.ts'
import { type Session, session } from '../../../platforms/wasender/session-schema.ts'
import { chooseSession, planSession, recommendedSettings } from './plan-session.ts'

const WEBHOOK = 'https://bridge.example.com/webhooks/wasender/sales'
const sessionWith = (fields: Record<string, unknown>): Session =>
  session.parse({ id: 1, ...fields })

const ours = sessionWith({ id: 1, webhook_url: WEBHOOK, phone_number: '+15550002222' })
const idle = sessionWith({ id: 2, phone_number: '+15550002223' })
const foreign = sessionWith({
  id: 3,
  webhook_url: 'https://other.example.com/',
  phone_number: '+15550002224',
})
const moved = sessionWith({ id: 4, webhook_url: 'https://old.example.com/webhooks/wasender/sales' })

describe('chooseSession', () => {
  it.each([
    ['nothing there', [], {}, 'create'],
    ['one that posts to us', [idle, ours], {}, 1],
    ['the configured one', [idle, foreign], { known: '2' }, 2],
    ['the configured one, of a former address', [moved, idle], { known: '4' }, 4],
    ['the configured one that serves another program', [foreign], { known: '3' }, 'ask'],
    ['the one with the number', [foreign, idle], { phone: '+15550002223' }, 2],
    ['the number of one that serves another program', [foreign], { phone: '+15550002224' }, 'ask'],
    ['a number nobody has', [idle], { phone: '+15550009999' }, 'create'],
    ['one that is idle is not taken unasked', [idle], {}, 'ask'],
    ['asked for by number', [idle, foreign], { wanted: '3' }, 3],
    ['asked for, unknown', [idle], { wanted: '9' }, 'impossible'],
    ['a new one', [idle], { wanted: 'new' }, 'create'],
    ['a new one that an interrupted run made', [idle, ours], { wanted: 'new' }, 1],
  ])('%s', (_, sessions, hints, expected) => {
    const choice = chooseSession({ sessions, webhookUrl: WEBHOOK, ...hints })
    expect(choice.kind === 'adopt' ? choice.id : choice.kind).toBe(expected)
  })
})

describe('planSession', () => {
  const wanted = recommendedSettings(WEBHOOK, { groups: false, channels: true })
  const right = {
    webhook_url: WEBHOOK,
    webhook_enabled: true,
    webhook_events: [...wasenderSubscriptions].reverse(),
    log_messages: true,
    read_incoming_messages: false,
    ignore_groups: false,
    ignore_channels: true,
    ignore_broadcasts: false,
  }
  const plan = (fields: Record<string, unknown>) =>
    planSession(sessionWith({ ...right, ...fields }), wanted)

  it('changes nothing that is right', () => {
    expect(plan({})).toEqual({})
  })

  it.each([
    [{ webhook_url: null }, { webhookUrl: WEBHOOK }],
    [{ webhook_enabled: false }, { webhookEnabled: true }],
    [{ log_messages: false }, { logMessages: true }],
    [{ read_incoming_messages: true }, { readIncomingMessages: false }],
    [{ ignore_groups: true }, { ignoreGroups: false }],
    [{ ignore_channels: false }, { ignoreChannels: true }],
    [{ ignore_broadcasts: true }, { ignoreBroadcasts: false }],
    [{ read_incoming_messages: undefined, ignore_groups: undefined }, {}],
  ])('%j', (fields, expected) => {
    expect(plan(fields)).toEqual(expected)
  })

  it('adds the events that are missing and keeps those of others', () => {
    expect(plan({ webhook_events: ['messages.upsert', 'new.event'] }).webhookEvents).toEqual(
      expect.arrayContaining([...wasenderSubscriptions, 'new.event']),
    )
    expect(plan({ webhook_events: [...right.webhook_events, 'new.event'] })).toEqual({})
    expect(plan({ webhook_events: null }).webhookEvents).toHaveLength(wasenderSubscriptions.length)
  })

  it('subscribes to names the gateway knows only', () => {
    expect(wasenderSubscriptions).toHaveLength(23)
    expect(wasenderSubscriptions).not.toContain('call.received')
    expect(wasenderSubscriptions).not.toContain('webhook.test')
  })
})
