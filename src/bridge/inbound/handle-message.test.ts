import { expect, it } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import { optionsSchema } from '../../config/options-schema.ts'
import type { Incoming } from '../../content/message/incoming.ts'
import { TransientError } from '../../kernel/errors.ts'
import {
  type AccountId,
  asId,
  type ChatId,
  type ConversationId,
  type KeyId,
  type MessageId,
} from '../../kernel/ids.ts'
import type { Entry } from '../../queue/entry.ts'
import { learnedWith } from '../../queue/wait-until.ts'
import { createHandleMessage } from './handle-message.ts'
import type { Carried } from './inbound-events.ts'

const who = { address: { kind: 'phone', digits: '12025550101' }, phone: '12025550101' } as const
const conversation = asId<ConversationId>(7)

/** A message that gets into Chatwoot, where each of these steps behind the POST can fail. */
function attempt(fails: 'link' | 'afterPost' | undefined) {
  const away = new TransientError('away', { code: 'test.away' })
  const step = (name: typeof fails) => async () => {
    if (fails === name) throw away
  }
  const account = { id: asId<AccountId>('sales'), options: optionsSchema.parse({}) } as Account
  const incoming = {
    id: asId<KeyId>('3EB01'),
    who,
    fromMe: false,
    message: { content: { kind: 'text', text: 'Hello' } },
  } as unknown as Incoming
  const entry: Entry = { id: '1.1', receivedAt: 1, event: {}, attempts: 0 }
  const handleMessage = createHandleMessage({
    own: { isOwnChat: async () => false, of: async () => ({}), without: () => who },
    people: {},
    resolveChat: async () => asId<ChatId>('pn:12025550101'),
    journal: { byKeyId: async () => undefined },
    dedupe: { claim: async () => ({ standing: 'mine' }) },
    tellings: { known: async () => incoming },
    twins: { decide: async () => ({ show: incoming }) },
    conversations: { get: async () => undefined },
    store: { links: { put: step('link') } },
    clock: { now: () => 2 },
    deliver: async () => ({ conversation, messageId: asId<MessageId>(9) }),
    afterPost: { of: step('afterPost') },
    sinceOf: async () => 0,
  } as unknown as Parameters<typeof createHandleMessage>[0])
  const carried = { incoming, isOrphan: false } as unknown as Carried
  return { away, result: handleMessage(account, entry, carried).catch((error: unknown) => error) }
}

it.each(['link', 'afterPost'] as const)(
  'an attempt that fails after it has posted (%s) knows where it did',
  async (step) => {
    const { away, result } = attempt(step)
    expect(learnedWith(await result)).toEqual({ cause: away, learned: { triedIn: conversation } })
  },
)

it('an attempt that fails nowhere delivers', async () => {
  expect(await attempt(undefined).result).toBe('delivered')
})
