import { describe, expect, it } from 'vitest'
import { classifyMessageEvent } from '../../bridge/concerns-whatsapp.ts'
import { type MessageEvent, parseChatwootWebhook } from './events.ts'
import { messageEvent } from './fixtures.ts'

function eventWith(change: Record<string, unknown>): MessageEvent {
  const event = parseChatwootWebhook({ ...messageEvent, ...change })
  if (event.type !== 'message') throw new Error(`not a message: ${event.type}`)
  return event
}

describe('classifyMessageEvent', () => {
  it.each([
    ['an agent reply', {}, { action: 'send' }],
    ['a greeting', { message_type: 'template', sender: null }, { action: 'send' }],
    ['an automation', { sender: null }, { action: 'send' }],
    ['a bot', { sender: { id: 3, name: 'Bot', type: 'agent_bot' } }, { action: 'send' }],
    ['an update', { event: 'message_updated' }, { action: 'update' }],
    [
      'a creation that already shows its deletion',
      { content_attributes: { deleted: true } },
      { action: 'update' },
    ],
    ['a private note', { private: true }, { action: 'ignore', reason: 'private' }],
    [
      "the bridge's own private note",
      { private: true, source_id: 'note-1' },
      { action: 'ignore', reason: 'own' },
    ],
    [
      'a customer message',
      { message_type: 'incoming', source_id: '3EB0C767D26A1B2F9C41' },
      { action: 'ignore', reason: 'incoming' },
    ],
    ['an activity', { message_type: 'activity' }, { action: 'ignore', reason: 'activity' }],
    ['a kind nobody knows', { message_type: 'hologram' }, { action: 'ignore', reason: 'activity' }],
    [
      'a phone echo',
      { source_id: 'BAE5F4A1D7C0E9B2', content_attributes: { external_echo: true } },
      { action: 'ignore', reason: 'own' },
    ],
    [
      'a status change of a phone echo',
      {
        event: 'message_updated',
        source_id: 'BAE5F4A1D7C0E9B2',
        content_attributes: { external_echo: true },
      },
      { action: 'ignore', reason: 'own' },
    ],
    [
      'a deleted phone echo',
      {
        event: 'message_updated',
        source_id: 'BAE5F4A1D7C0E9B2',
        content_attributes: { deleted: true },
      },
      { action: 'update' },
    ],
    ['a message of another program', { source_id: 'erp-7' }, { action: 'send' }],
    [
      'an update of a message of another program',
      { event: 'message_updated', source_id: 'erp-7' },
      { action: 'update' },
    ],
    ['an empty source id', { source_id: '' }, { action: 'send' }],
  ])('%s', (_, change, verdict) => {
    expect(classifyMessageEvent(eventWith(change))).toEqual(verdict)
  })
})
