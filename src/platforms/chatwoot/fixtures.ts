import { type AccountId, asId } from '../../kernel/ids.ts'
import { createChatwootClient } from './client.ts'

/** Compact bodies in Chatwoot's shapes, for the tests of this folder. */
export const ORIGIN = 'https://chat.example.com'
export const ACCOUNT_PATH = '/api/v1/accounts/1'
export const TOKEN = 'test-token'

export function testClient(
  overrides: Partial<Parameters<typeof createChatwootClient>[0]> = {},
): ReturnType<typeof createChatwootClient> {
  return createChatwootClient({
    account: asId<AccountId>('sales'),
    baseUrl: ORIGIN,
    accountId: 1,
    apiAccessToken: TOKEN,
    ...overrides,
  })
}

export const contact = {
  additional_attributes: {},
  availability_status: 'offline',
  email: null,
  id: 42,
  name: 'Maria Souza',
  phone_number: '+5511987654321',
  blocked: false,
  identifier: '5511987654321@s.whatsapp.net',
  thumbnail: '',
  custom_attributes: { wa_jid: '5511987654321@s.whatsapp.net' },
  created_at: 1785247081,
  contact_inboxes: [{ source_id: '5511987654321', inbox: { id: 7, channel_type: 'Channel::Api' } }],
}

export const user = { id: 5, name: 'Ana Lima', email: 'ana@example.com', type: 'user' }

export const pushMessage = {
  id: 1204,
  content: 'Hello **Maria**',
  account_id: 1,
  inbox_id: 7,
  conversation_id: 15,
  message_type: 1,
  created_at: 1785247510,
  private: false,
  status: 'delivered',
  source_id: null,
  content_type: 'text',
  content_attributes: {},
  sender_type: 'User',
  sender_id: 5,
  conversation: { assignee_id: 5, contact_inbox: { source_id: '5511987654321' } },
  sender: { id: 5, name: 'Ana Lima', available_name: 'Ana', type: 'user' },
}

/** As in webhooks: with a contact_inbox, which holds a credential. */
export const conversation = {
  additional_attributes: { wa_chat_jid: '5511987654321@s.whatsapp.net' },
  can_reply: true,
  channel: 'Channel::Api',
  contact_inbox: {
    id: 88,
    contact_id: 42,
    inbox_id: 7,
    source_id: '5511987654321',
    hmac_verified: false,
    pubsub_token: 'credential-of-the-contact',
  },
  id: 15,
  inbox_id: 7,
  messages: [pushMessage],
  labels: [],
  meta: { sender: { ...contact, type: 'contact' }, assignee: null, assignee_type: null },
  status: 'open',
  custom_attributes: {},
  unread_count: 0,
  agent_last_seen_at: 1785247502,
  contact_last_seen_at: 0,
  last_activity_at: 1785247510,
  updated_at: 1785247510.412,
}

export const messageEvent = {
  event: 'message_created',
  account: { id: 1, name: 'Acme Support' },
  additional_attributes: {},
  content_attributes: {},
  content_type: 'text',
  content: 'Hello **Maria**',
  conversation,
  created_at: '2026-07-28T14:05:10.123Z',
  id: 1204,
  inbox: { id: 7, name: 'WhatsApp' },
  message_type: 'outgoing',
  private: false,
  sender: user,
  source_id: null,
}
