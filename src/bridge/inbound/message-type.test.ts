import { describe, expect, it } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import { optionsSchema } from '../../config/options-schema.ts'
import type { Content } from '../../content/message/canonical.ts'
import type { Incoming } from '../../content/message/incoming.ts'
import type { KeyId } from '../../kernel/ids.ts'
import { messageType } from './message-type.ts'

const KEY = '3EB0F00D' as KeyId
const TEXT: Content = { kind: 'text', text: 'Hello' }
const REACTION: Content = { kind: 'reaction', target: KEY, text: '👍' }
const EDIT: Content = { kind: 'edit', target: KEY, text: 'Hello again' }
const REVOKE: Content = { kind: 'revoke', target: KEY }
const VOTES: Content = { kind: 'poll-result', target: KEY, options: [] }
const CALL: Content = { kind: 'call', video: false, group: false, status: 'offer' }
const LINE: Content = { kind: 'system', what: 'group-add', names: [] }

function shown(content: Content, fromMe: boolean, options: Record<string, unknown> = {}) {
  const account = { options: optionsSchema.parse(options) } as Account
  const incoming: Incoming = {
    id: KEY,
    who: { address: { kind: 'phone', digits: '15550001111' }, phone: '15550001111' },
    fromMe,
    message: { content },
  }
  return messageType(account, incoming)
}

describe('what something from WhatsApp becomes', () => {
  it.each<[string, Content, boolean, Record<string, unknown>, string | undefined]>([
    ['a text of a customer', TEXT, false, {}, 'incoming'],
    ['a text of a customer', TEXT, false, { phoneMessages: 'ignore' }, 'incoming'],
    ['a text typed on the phone', TEXT, true, {}, 'outgoing'],
    ['a text typed on the phone', TEXT, true, { phoneMessages: 'private' }, 'note'],
    ['a text typed on the phone', TEXT, true, { phoneMessages: 'ignore' }, undefined],
    ['a reaction of a customer', REACTION, false, {}, 'incoming'],
    ['a reaction of a customer', REACTION, false, { reactions: 'private' }, 'note'],
    ['a reaction of a customer', REACTION, false, { reactions: 'ignore' }, undefined],
    ['a reaction on the phone', REACTION, true, {}, 'outgoing'],
    ['a reaction on the phone', REACTION, true, { phoneMessages: 'ignore' }, undefined],
    ['an edit by a customer', EDIT, false, {}, 'incoming'],
    ['an edit on the phone', EDIT, true, { phoneMessages: 'ignore' }, 'note'],
    ['a deletion by a customer', REVOKE, false, {}, 'incoming'],
    ['a deletion on the phone', REVOKE, true, {}, 'note'],
    ['votes', VOTES, false, {}, 'incoming'],
    ['a call', CALL, false, {}, 'incoming'],
    ['a call', CALL, false, { calls: 'ignore' }, undefined],
    ['a change of a group', LINE, false, {}, 'activity'],
    ['a change of a group on the phone', LINE, true, { phoneMessages: 'ignore' }, 'activity'],
  ])('%s (%o from us: %s, %o): %s', (_what, content, fromMe, options, expected) => {
    expect(shown(content, fromMe, options)).toBe(expected)
  })
})
