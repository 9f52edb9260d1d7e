import type { Account } from '../../accounts/account.ts'
import type { Content } from '../../content/message/canonical.ts'
import type { Incoming } from '../../content/message/incoming.ts'
import type { Age } from './age.ts'

/** What something from WhatsApp becomes in a conversation. */
export type Shown = 'incoming' | 'outgoing' | 'note' | 'activity'

type Options = Account['options']
type Rule = (options: Options, fromMe: boolean) => Shown | undefined

/** What was typed on the phone, by option `phoneMessages`. */
const FROM_PHONE: Readonly<Record<Options['phoneMessages'], Shown | undefined>> = {
  outgoing: 'outgoing',
  private: 'note',
  ignore: undefined,
}

const written: Rule = ({ phoneMessages }, fromMe) =>
  fromMe ? FROM_PHONE[phoneMessages] : 'incoming'

/**
 * What the business changed on its phone is told to agents as a note: Chatwoot cannot change a message, and the bubble
 * the customer no longer sees has to stay for them to make sense of the conversation.
 */
const changed: Rule = (_options, fromMe) => (fromMe ? 'note' : 'incoming')

const reacted: Readonly<Record<Options['reactions'], Rule>> = {
  message: written,
  private: () => 'note',
  ignore: () => undefined,
}

/** Kinds that are not simply written by somebody. */
const RULES: Readonly<Partial<Record<Content['kind'], Rule>>> = {
  reaction: (options, fromMe) => reacted[options.reactions](options, fromMe),
  edit: changed,
  'encrypted-edit': changed,
  revoke: changed,
  // Customers vote, also in polls that we sent.
  'poll-result': () => 'incoming',
  call: ({ calls }) => (calls === 'ignore' ? undefined : 'incoming'),
  system: () => 'activity',
}

/**
 * How the account wants this shown; `undefined`: not at all. What is history is a note: a message would reopen a resolved
 * conversation, count as unread and wake whoever answers by itself.
 */
export function shownAs(
  account: Account,
  { fromMe, message }: Incoming,
  { isHistory }: Pick<Age, 'isHistory'> = { isHistory: false },
): Shown | undefined {
  const rule = RULES[message.content.kind] ?? written
  const shown = rule(account.options, fromMe)
  return isHistory && (shown === 'incoming' || shown === 'outgoing') ? 'note' : shown
}
