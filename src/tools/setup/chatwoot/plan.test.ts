import { describe, expect, it } from 'vitest'
import { asId, type InboxId } from '../../../kernel/ids.ts'
import type { Inbox } from '../../../platforms/chatwoot/shapes/inbox.ts'
import { chooseInbox } from './choose-inbox.ts'
import { planMembers } from './set-up-agents.ts'
import { planWebhook } from './set-up-inbox.ts'

const URL_OF_SALES = 'https://bridge.example.com/webhooks/chatwoot/sales'

const inbox = (id: number, rest: Partial<Inbox> = {}): Inbox => ({
  id: asId<InboxId>(id),
  name: `Inbox ${id}`,
  channelType: 'Channel::Api',
  lockToSingleConversation: false,
  additionalAttributes: {},
  ...rest,
})
const ours = inbox(1, { webhookUrl: URL_OF_SALES })
const oldOurs = inbox(2, { webhookUrl: `${URL_OF_SALES}/some-token` })
const moved = inbox(3, { webhookUrl: 'https://old.example.com/webhooks/chatwoot/sales' })
const foreign = inbox(4, { webhookUrl: 'https://other.example.com/hook', name: 'WhatsApp' })
const idle = inbox(5, { name: 'WhatsApp' })
const neighbour = inbox(6, { webhookUrl: `${URL_OF_SALES}-2` })
const widget = inbox(9, { channelType: 'Channel::WebWidget', name: 'WhatsApp' })

describe('chooseInbox', () => {
  it.each([
    ['nothing there', [], {}, 'create'],
    ['no usable one', [widget], {}, 'create'],
    ['one that posts to us', [foreign, ours], {}, 1],
    ['one that posts to us with a token', [foreign, oldOurs], {}, 2],
    ['ours before the configured one', [ours, idle], { known: '5' }, 1],
    ['the configured one', [idle, inbox(7)], { known: '7' }, 7],
    ['the configured one, of a former address', [moved], { known: '3' }, 3],
    ['the configured one that serves another program', [foreign], { known: '4' }, 'ask'],
    ['the configured one is gone', [inbox(7)], { known: '8' }, 'ask'],
    ['one of the right name', [inbox(7), idle], {}, 5],
    ['one of the right name that serves another program', [foreign], {}, 'ask'],
    ['one of an account whose name begins alike', [neighbour], {}, 'ask'],
    ['asked for by number', [ours, foreign], { wanted: '4' }, 4],
    ['asked for, of the wrong kind', [widget], { wanted: '9' }, 'impossible'],
    ['asked for, unknown', [ours], { wanted: '99' }, 'impossible'],
    ['a new one', [idle, foreign], { wanted: 'new' }, 'create'],
    ['a new one that an interrupted run made', [idle, ours], { wanted: 'new' }, 1],
  ])('%s', (_, inboxes, hints, expected) => {
    const choice = chooseInbox({ inboxes, name: 'WhatsApp', webhookUrl: URL_OF_SALES, ...hints })
    expect(choice.kind === 'adopt' ? choice.inbox.id : choice.kind).toBe(expected)
  })
})

describe('planWebhook', () => {
  const plan = (of: Inbox, knownToken?: string) =>
    planWebhook({ inbox: of, webhookUrl: URL_OF_SALES, knownToken, makeToken: () => 'made' })

  it.each([
    ['signed and right', { ...ours, secret: 's' }, undefined, { differs: false, secret: 's' }],
    ['signed and elsewhere', { ...idle, secret: 's' }, 't', { differs: true, secret: 's' }],
    ['signed since an upgrade', { ...oldOurs, secret: 's' }, 't', { differs: true, secret: 's' }],
  ])('%s', (_, of, knownToken, expected) => {
    expect(plan(of, knownToken)).toEqual({ url: URL_OF_SALES, ...expected })
  })

  it.each([
    ['without a token yet', ours, undefined, 'made', true],
    ['with the known token', oldOurs, 'some-token', 'some-token', false],
    ['with a token an interrupted run made', oldOurs, undefined, 'some-token', false],
    ['with another token', oldOurs, 'other', 'other', true],
    [
      'with something that is no token',
      inbox(1, { webhookUrl: `${URL_OF_SALES}/?x` }),
      undefined,
      'made',
      true,
    ],
  ])('%s', (_, of, knownToken, token, differs) => {
    expect(plan(of, knownToken)).toEqual({ url: `${URL_OF_SALES}/${token}`, differs, token })
  })
})

describe('planMembers', () => {
  const ana = { id: 1, name: 'Ana Lima', email: 'ana@example.com', role: 'agent' }
  const second = { id: 2, name: 'Agent Two', email: 'Two@example.com', role: 'agent' }
  const bridge = { id: 3, name: 'WhatsApp Bridge', email: 'b@example.com', role: 'administrator' }
  const agents = [ana, second, bridge]

  it.each([
    ['none', [], { add: [], present: 0, unknown: 0 }],
    ['all', [], { add: [1, 2], present: 0, unknown: 0 }],
    ['all', [ana], { add: [2], present: 1, unknown: 0 }],
    ['two@Example.com, b@example.com,', [], { add: [2, 3], present: 0, unknown: 0 }],
    ['ana@example.com,x@example.com', [ana], { add: [], present: 1, unknown: 1 }],
  ])('%s', (wanted, members, expected) => {
    expect(planMembers({ wanted, agents, members })).toEqual(expected)
  })
})
