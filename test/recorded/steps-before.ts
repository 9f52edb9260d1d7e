import type { Step } from './step.ts'

export const SOURCE = '12025550101'

/** The inbox and who works in it. */
export const INBOX: Step[] = [
  {
    answer: 'webhooks.POST',
    keep: 'webhook',
    request: () => [
      'POST',
      'webhooks',
      {
        webhook: {
          url: '(account)',
          subscriptions: [
            'conversation_created',
            'conversation_status_changed',
            'conversation_updated',
            'message_created',
            'message_updated',
            'contact_created',
            'contact_updated',
            'conversation_typing_on',
            'conversation_typing_off',
          ],
        },
      },
    ],
  },
  {
    answer: 'inboxes.POST',
    keep: 'inbox',
    request: () => [
      'POST',
      'inboxes',
      {
        name: 'Scenario',
        lock_to_single_conversation: true,
        channel: { type: 'api', webhook_url: '(inbox)' },
      },
    ],
  },
  {
    answer: 'inboxes.PATCH',
    request: ({ inbox }) => ['PATCH', `inboxes/${inbox}`, { lock_to_single_conversation: false }],
  },
  {
    answer: 'inbox_members.POST',
    request: ({ inbox, agent }) => [
      'POST',
      'inbox_members',
      { inbox_id: inbox, user_ids: [agent] },
    ],
  },
  { answer: 'inbox_members.GET', request: ({ inbox }) => ['GET', `inbox_members/${inbox}`] },
  { answer: 'inboxes.GET-show', request: ({ inbox }) => ['GET', `inboxes/${inbox}`] },
  { answer: 'profile.GET', request: () => ['GET', '/api/v1/profile'] },
  { answer: 'agents.GET', request: () => ['GET', 'agents'] },
  { answer: 'version.GET', request: () => ['GET', '/api'] },
]

/** Contacts: made, changed, looked for, refused. */
export const CONTACTS: Step[] = [
  {
    answer: 'contacts.POST',
    keep: 'contact',
    request: ({ inbox }) => [
      'POST',
      'contacts',
      {
        inbox_id: inbox,
        source_id: SOURCE,
        name: 'Maria Souza',
        phone_number: `+${SOURCE}`,
        identifier: `${SOURCE}@s.whatsapp.net`,
      },
    ],
    webhooks: ['account:contact_created.contact'],
  },
  { answer: 'contacts.GET-show', request: ({ contact }) => ['GET', `contacts/${contact}`] },
  {
    answer: 'contacts.PUT',
    request: ({ contact }) => [
      'PUT',
      `contacts/${contact}`,
      { name: 'Maria S', avatar_url: '(picture)' },
    ],
    webhooks: ['account:contact_updated.contact-renamed'],
  },
  {
    answer: 'contacts.filter',
    request: () => ['POST', 'contacts/filter', { payload: [phoneIs(`+${SOURCE}`)] }],
  },
  {
    answer: 'contacts.filter.none',
    request: () => ['POST', 'contacts/filter', { payload: [phoneIs('+12025550199')] }],
  },
  { answer: 'contacts.search', request: () => ['GET', `contacts/search?q=${SOURCE}`] },
  {
    answer: 'contact_inboxes.filter',
    request: ({ inbox }) => [
      'POST',
      'contact_inboxes/filter',
      { inbox_id: inbox, source_id: SOURCE },
    ],
  },
  {
    answer: 'contact_inboxes.filter.none',
    request: ({ inbox }) => [
      'POST',
      'contact_inboxes/filter',
      { inbox_id: inbox, source_id: 'none' },
    ],
  },
  {
    answer: 'contact_inboxes.filter.nul',
    request: ({ inbox }) => [
      'POST',
      'contact_inboxes/filter',
      { inbox_id: inbox, source_id: 'x\0' },
    ],
  },
  {
    answer: 'contacts.contactable_inboxes',
    request: ({ contact }) => ['GET', `contacts/${contact}/contactable_inboxes`],
  },
  {
    answer: 'contacts.POST.bare',
    keep: 'bare',
    request: () => ['POST', 'contacts', { name: 'Bare' }],
    webhooks: ['account:contact_created.contacts.contact_inboxes.POST'],
  },
  {
    answer: 'contacts.contact_inboxes.POST',
    request: ({ inbox, bare }) => [
      'POST',
      `contacts/${bare}/contact_inboxes`,
      { inbox_id: inbox, source_id: `x${SOURCE}` },
    ],
  },
  {
    answer: 'contact_inboxes.POST.taken',
    request: ({ inbox, bare }) => [
      'POST',
      `contacts/${bare}/contact_inboxes`,
      { inbox_id: inbox, source_id: SOURCE },
    ],
  },
  {
    answer: 'contacts.POST.phone-taken',
    request: () => ['POST', 'contacts', { name: 'Twin', phone_number: `+${SOURCE}` }],
  },
  {
    answer: 'contacts.POST.source-taken',
    request: ({ inbox }) => [
      'POST',
      'contacts',
      { inbox_id: inbox, name: 'Twin', source_id: SOURCE },
    ],
  },
  {
    answer: 'contacts.POST.long-name',
    request: () => ['POST', 'contacts', { name: 'n'.repeat(256) }],
  },
  { answer: 'contacts.POST.nul', request: () => ['POST', 'contacts', { name: 'a\0b' }] },
  {
    answer: 'contacts.POST.lone-surrogate',
    request: () => ['POST', 'contacts', { name: 'a\ud83d' }],
  },
]

function phoneIs(number: string): object {
  return {
    attribute_key: 'phone_number',
    filter_operator: 'equal_to',
    values: [number],
    query_operator: null,
  }
}
