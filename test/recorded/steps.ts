import { FILES } from './files.ts'
import type { Ids, Step } from './step.ts'
import { CONTACTS, INBOX, SOURCE } from './steps-before.ts'

const NONSENSE = 999_999

const TEMPLATE = {
  ...{ id: '1', name: 'poll', status: 'APPROVED', category: 'UTILITY', language: 'en' },
  parameter_format: 'NAMED',
  components: [{ type: 'BODY', text: 'Poll: {{question}}\n1) {{option_1}}\n2) {{option_2}}' }],
}

const message = (name: string, body: object, webhooks?: string[]): Step => {
  const direction = name.split('.')[0] ?? ''
  const kind = direction === 'incoming' ? 'incoming' : 'outgoing'
  return {
    answer: `messages.POST.${name}`,
    ...(direction === 'incoming' ? {} : { by: 'agent' as const }),
    request: ({ conversation, messages }) => [
      'POST',
      `conversations/${conversation}/messages`,
      resolved({ message_type: kind, ...body }, messages),
    ],
    webhooks: webhooks ?? [`message_created.${name}`],
  }
}

/** `in_reply_to` by the name of the step that made the message. */
function resolved(body: Record<string, unknown>, messages: Record<string, number>): object {
  const attributes = body.content_attributes
  if (typeof attributes !== 'object' || attributes === null || !('in_reply_to' in attributes))
    return body
  return {
    ...body,
    content_attributes: { ...attributes, in_reply_to: messages[String(attributes.in_reply_to)] },
  }
}

function withFiles(body: Record<string, string>, ...files: File[]): FormData {
  const form = new FormData()
  for (const [key, value] of Object.entries(body)) form.append(key, value)
  for (const file of files) form.append('attachments[]', file)
  return form
}

const upload = (name: string, body: Record<string, string>, files: File[], webhooks?: string[]) => {
  const direction = name.startsWith('incoming') ? 'incoming' : 'outgoing'
  return {
    ...message(name, {}, webhooks),
    request: ({ conversation }: Ids): [string, string, unknown] => [
      'POST',
      `conversations/${conversation}/messages`,
      withFiles({ message_type: direction, ...body }, ...files),
    ],
  }
}

const onMessage = (
  answer: string,
  [method, of, path = '', body]: [string, string, string?, object?],
  webhooks: string[] = [],
): Step => ({
  answer,
  request: ({ conversation, messages }) => [
    method,
    `conversations/${conversation}/messages/${messages[of] ?? NONSENSE}${path}`,
    body,
  ],
  webhooks,
})

const onConversation = (
  answer: string,
  path: string,
  body?: (ids: Ids) => object,
  webhooks: string[] = [],
): Step => ({
  answer,
  by: 'agent',
  request: (ids) => ['POST', `conversations/${ids.conversation}/${path}`, body?.(ids) ?? {}],
  webhooks,
})

const items = (...list: object[]) => ({ content_attributes: { items: list } })

const CUSTOMERS_MESSAGES: Step[] = [
  {
    answer: 'conversations.POST',
    keep: 'conversation',
    request: ({ inbox, contact }) => [
      'POST',
      'conversations',
      {
        inbox_id: inbox,
        contact_id: contact,
        source_id: SOURCE,
        additional_attributes: { wa_chat_jid: SOURCE },
      },
    ],
    webhooks: ['conversation_created.conversation'],
  },
  message('incoming.text', { content: 'Hello **there**', source_id: '3EB0AAAA' }),
  upload('incoming.image', { content: 'cap', source_id: '3EB0BBBB' }, [FILES.image]),
  upload(
    'incoming.voice',
    { source_id: '3EB0CCCC', is_voice_message: 'true' },
    [FILES.voiceIn],
    ['message_created.incoming.voice', 'message_updated.incoming.voice'],
  ),
  upload('incoming.file', { source_id: '3EB0CCCD' }, [FILES.pdf]),
  upload('incoming.video', {}, [FILES.video]),
  message('incoming.reply', {
    content: 're',
    source_id: '3EB0DDDD',
    content_attributes: { in_reply_to: 'incoming.text' },
  }),
  message('incoming.reply-external', {
    content: 're2',
    source_id: '3EB0DDDE',
    content_attributes: { in_reply_to_external_id: '3EB0AAAA' },
  }),
]

const AGENTS_MESSAGES: Step[] = [
  message('outgoing.text', { content: '**Hi** Maria\\\nsecond line' }, [
    'message_created.outgoing.text',
    'conversation_updated.text',
  ]),
  message('outgoing.text-liquid', { content: 'Hi {{contact.name}}' }),
  message('outgoing.text-newlines', { content: 'a\n\n\nb  \nc\n' }),
  upload('outgoing.attachments', { content: 'two' }, [FILES.image, FILES.pdf]),
  upload(
    'outgoing.voice',
    { is_voice_message: 'true' },
    [FILES.voiceOut],
    ['message_created.outgoing.voice', 'message_updated.outgoing.voice'],
  ),
  upload('outgoing.webp', {}, [FILES.webp]),
  upload('outgoing.heic', {}, [FILES.heic]),
  upload('outgoing.empty-file', {}, [FILES.empty]),
  message('outgoing.reply-to-incoming', {
    content: 'q',
    content_attributes: { in_reply_to: 'incoming.text' },
  }),
  message('outgoing.reply-to-own', {
    content: 'q2',
    content_attributes: { in_reply_to: 'outgoing.text' },
  }),
  message('outgoing.private', { content: '!help [@x](mention://user/1/x)', private: true }, [
    'message_created.private.note',
  ]),
  message('outgoing.phone-echo', {
    content: 'typed',
    source_id: '3EB0EEEE',
    content_attributes: { external_echo: true },
  }),
  message('outgoing.input_select', {
    content: 'Choose',
    content_type: 'input_select',
    ...items({ title: 'Red', value: 'r' }),
  }),
  message('outgoing.cards', {
    content: 'Cards',
    content_type: 'cards',
    ...items({
      media_url: 'https://e.example/x.png',
      title: 'T',
      description: 'D',
      actions: [{ type: 'link', text: 'O', uri: 'https://e.example' }],
    }),
  }),
  message('outgoing.form', {
    content: 'F',
    content_type: 'form',
    ...items({ name: 'e', placeholder: 'p', type: 'email', label: 'L' }),
  }),
  message('outgoing.article', {
    content: 'A',
    content_type: 'article',
    ...items({ title: 'T', description: 'D', link: 'https://e.example' }),
  }),
  message('outgoing.input_csat', { content: 'Rate', content_type: 'input_csat' }),
  message('outgoing.template_params', {
    content: 't',
    template_params: {
      name: 'x',
      category: 'UTILITY',
      language: 'en',
      processed_params: { 1: 'a' },
    },
  }),
]

const ODD_MESSAGES: Step[] = [
  message('incoming.empty', { content: '' }, [
    'message_created.incoming.empty',
    'conversation_updated.incoming.empty',
  ]),
  message('incoming.nul', { content: 'a\0b' }, []),
  message('incoming.lone-surrogate', { content: 'a\ud83d' }, []),
  message('incoming.too-long', { content: 'x'.repeat(150_001) }, []),
  message('incoming.control-chars', { content: 'a\u0001\u001b\ufffe' }, []),
  message('incoming.blank', { content: '   ' }),
]

const STATUSES: Step[] = [
  message('outgoing.for-status', { content: 'st' }, [
    'message_created.outgoing.for-status',
    'conversation_updated.for-status',
  ]),
  ...(['delivered', 'read'] as const).map((status) =>
    onMessage(
      `messages.PATCH.${status}`,
      ['PATCH', 'outgoing.for-status', '', { status }],
      [`message_updated.outgoing.status-${status}`],
    ),
  ),
  onMessage('messages.PATCH.delivered-after-read', [
    'PATCH',
    'outgoing.for-status',
    '',
    { status: 'delivered' },
  ]),
  message('outgoing.for-failed', { content: 'sf' }),
  onMessage(
    'messages.PATCH.failed',
    [
      'PATCH',
      'outgoing.for-failed',
      '',
      { status: 'failed', external_error: 'Not sent: because.' },
    ],
    ['message_updated.outgoing.status-failed'],
  ),
  onMessage(
    'messages.retry',
    ['POST', 'outgoing.for-failed', '/retry'],
    ['message_updated.outgoing.retry', 'message_updated.outgoing.retry.2'],
  ),
  onMessage('messages.PATCH.nonsense', [
    'PATCH',
    'outgoing.for-failed',
    '',
    { status: 'nonsense' },
  ]),
  onMessage(
    'messages.DELETE',
    ['DELETE', 'outgoing.for-status'],
    ['message_updated.outgoing.deleted'],
  ),
  onMessage('messages.DELETE.again', ['DELETE', 'outgoing.for-status']),
]

const LISTS: Step[] = [
  {
    answer: 'messages.GET-index',
    request: ({ conversation }) => ['GET', `conversations/${conversation}/messages`],
  },
  {
    answer: 'messages.GET-after',
    request: ({ conversation, messages }) => [
      'GET',
      `conversations/${conversation}/messages?after=${messages['outgoing.text']}`,
    ],
  },
  {
    answer: 'messages.GET-before',
    request: ({ conversation, messages }) => [
      'GET',
      `conversations/${conversation}/messages?before=${messages['outgoing.text']}`,
    ],
  },
  {
    answer: 'conversations.GET-index',
    request: ({ inbox }) => ['GET', `conversations?inbox_id=${inbox}&status=all`],
  },
  {
    answer: 'conversations.GET-show',
    request: ({ conversation }) => ['GET', `conversations/${conversation}`],
  },
  {
    answer: 'contacts.conversations',
    request: ({ contact }) => ['GET', `contacts/${contact}/conversations`],
  },
]

const STATES: Step[] = [
  onConversation('toggle_typing_status', 'toggle_typing_status', () => ({ typing_status: 'on' }), [
    'conversation_typing_on.typing',
  ]),
  onConversation(
    'toggle_typing_status.off',
    'toggle_typing_status',
    () => ({ typing_status: 'off' }),
    ['conversation_typing_off.typing'],
  ),
  onConversation('assignments', 'assignments', ({ agent }) => ({ assignee_id: agent }), [
    'conversation_updated.assigned',
  ]),
  onConversation(
    'toggle_status.snoozed',
    'toggle_status',
    () => ({ status: 'snoozed', snoozed_until: 1_900_000_000 }),
    ['conversation_status_changed.snoozed', 'conversation_updated.snoozed'],
  ),
  onConversation('toggle_status.resolved', 'toggle_status', () => ({ status: 'resolved' }), [
    'conversation_status_changed.resolved',
    'conversation_updated.resolved',
  ]),
  message('incoming.reopens', { content: 'again', source_id: '3EB0FFFF' }, [
    'message_created.incoming.reopens',
    'conversation_status_changed.reopens',
    'conversation_updated.reopens',
    'conversation_updated.reopens.2',
    'account:contact_updated.reopens',
  ]),
  onConversation('conversations.mute', 'mute', undefined, [
    'conversation_status_changed.muted',
    'conversation_updated.muted',
    'account:contact_updated.muted',
  ]),
  onConversation('conversations.unmute', 'unmute', undefined, ['account:contact_updated.unmuted']),
  {
    answer: 'update_last_seen',
    request: ({ conversation }) => ['POST', `conversations/${conversation}/update_last_seen`, {}],
  },
  onConversation('labels.POST', 'labels', () => ({ labels: ['vip'] }), [
    'conversation_updated.labels',
  ]),
  onConversation(
    'custom_attributes.POST',
    'custom_attributes',
    () => ({ custom_attributes: { k: 'v' } }),
    ['conversation_updated.custom_attributes'],
  ),
]

const GREETING: Step[] = [
  {
    answer: 'inboxes.PATCH.greeting',
    request: ({ inbox }) => [
      'PATCH',
      `inboxes/${inbox}`,
      { greeting_enabled: true, greeting_message: 'Welcome *you*!' },
    ],
  },
  {
    answer: 'contacts.POST.greet',
    keep: 'greet',
    request: ({ inbox }) => [
      'POST',
      'contacts',
      { inbox_id: inbox, source_id: `g${SOURCE}`, name: 'Greet' },
    ],
    webhooks: ['account:contact_created.agent-started'],
  },
  {
    answer: 'conversations.POST.with-message',
    by: 'agent',
    keep: 'second',
    request: ({ inbox, greet }) => [
      'POST',
      'conversations',
      {
        inbox_id: inbox,
        contact_id: greet,
        source_id: `g${SOURCE}`,
        message: { content: 'by agent' },
      },
    ],
    webhooks: [
      'conversation_created.agent-started',
      'message_created.outgoing.agent-started',
      'conversation_updated.agent-started',
    ],
  },
  {
    answer: 'messages.POST.incoming.greeted',
    request: ({ second }) => [
      'POST',
      `conversations/${second}/messages`,
      { content: 'hi', message_type: 'incoming' },
    ],
    webhooks: [
      'message_created.incoming.greeting',
      'conversation_updated.greeting',
      'account:contact_updated.greeting',
    ],
  },
]

/** What agents can pick from, which replaces all attributes of the inbox. */
const TEMPLATES: Step[] = [
  {
    answer: 'inboxes.PATCH.message_templates',
    only: '4.15.1',
    request: ({ inbox }) => [
      'PATCH',
      `inboxes/${inbox}`,
      {
        // Written by hand before.
        ...{ greeting_enabled: false, out_of_office_message: 'We are **closed**' },
        channel: { additional_attributes: { message_templates: [TEMPLATE] } },
      },
    ],
  },
]

const REFUSALS: Step[] = [
  { answer: 'errors.no-token', by: 'nobody', request: () => ['GET', 'inboxes'] },
  { answer: 'errors.wrong-token', by: 'stranger', request: () => ['GET', 'inboxes'] },
  {
    answer: 'errors.agent-creates-inbox',
    by: 'agent',
    request: () => ['POST', 'inboxes', { name: 'x', channel: { type: 'api' } }],
  },
  { answer: 'errors.wrong-account', request: () => ['GET', '/api/v1/accounts/99/inboxes'] },
  { answer: 'errors.unknown-contact', request: () => ['GET', `contacts/${NONSENSE}`] },
  { answer: 'errors.unknown-conversation', request: () => ['GET', `conversations/${NONSENSE}`] },
  onMessage('errors.unknown-message', ['PATCH', 'none', '', { status: 'read' }]),
  { answer: 'errors.unknown-route', request: () => ['GET', 'nonsense'] },
  {
    answer: 'errors.bad-message_type',
    request: ({ conversation }) => [
      'POST',
      `conversations/${conversation}/messages`,
      { content: 'x', message_type: 'zz' },
    ],
  },
  {
    answer: 'errors.foreign-source_id',
    request: ({ inbox }) => ['POST', 'conversations', { inbox_id: inbox, source_id: 'nobody' }],
  },
  onConversation('errors.toggle-nonsense', 'toggle_status', () => ({ status: 'nonsense' })),
  {
    answer: 'errors.bad-webhook-url',
    request: ({ inbox }) => [
      'PATCH',
      `inboxes/${inbox}`,
      { channel: { webhook_url: 'not a url' } },
    ],
  },
]

const ENDS: Step[] = [
  {
    answer: 'contact_merge.POST',
    request: ({ contact, bare }) => [
      'POST',
      'actions/contact_merge',
      { base_contact_id: contact, mergee_contact_id: bare },
    ],
  },
  {
    answer: 'conversations.DELETE',
    request: ({ second }) => ['DELETE', `conversations/${second}`],
  },
  { answer: 'contacts.DELETE', request: ({ greet }) => ['DELETE', `contacts/${greet}`] },
  { answer: 'webhooks.DELETE', request: ({ webhook }) => ['DELETE', `webhooks/${webhook}`] },
  { answer: 'inboxes.DELETE', request: ({ inbox }) => ['DELETE', `inboxes/${inbox}`] },
]

/** What was played to the real Chatwoots, in this order. */
export const STEPS: readonly Step[] = [
  ...INBOX,
  ...CONTACTS,
  ...CUSTOMERS_MESSAGES,
  ...AGENTS_MESSAGES,
  ...ODD_MESSAGES,
  ...STATUSES,
  ...LISTS,
  ...STATES,
  ...GREETING,
  ...REFUSALS,
  ...TEMPLATES,
  ...ENDS,
]
