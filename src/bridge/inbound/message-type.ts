import type { Account } from '../../accounts/account.ts'
import type { Content } from '../../content/message/canonical.ts'
import type { Incoming } from '../../content/message/incoming.ts'
import type { Clock } from '../../kernel/clock.ts'

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
export function messageType(
  account: Account,
  { fromMe, message }: Incoming,
  { isHistory }: Pick<Age, 'isHistory'> = { isHistory: false },
): Shown | undefined {
  const rule = RULES[message.content.kind] ?? written
  const shown = rule(account.options, fromMe)
  return isHistory && (shown === 'incoming' || shown === 'outgoing') ? 'note' : shown
}

/** How old a message is when it is shown. */
export type Age = {
  /** When it was written, ms since 1970, if that is not about now. Chatwoot would date it as of today. */
  writtenAt?: number
  /** It is older than the account, or so old that nobody waits for an answer: it is kept, but not as news. */
  isHistory: boolean
}

const HOUR_MS = 3_600_000
/** Older messages come with their date. */
const LATE_MS = HOUR_MS
/** After an outage of a week nobody waits for an answer to what was written before it. */
const HISTORY_MS = 7 * 24 * HOUR_MS

/**
 * WhatsApp hands over old messages after a number was linked, and what it held back while no device was connected. What was
 * written within the last hour is as good as new, also to an account that was just set up.
 */
export async function ageOf(
  deps: { clock: Clock; sinceOf: (account: Account) => Promise<number> },
  account: Account,
  { at }: Pick<Incoming, 'at'>,
): Promise<Age> {
  const age = at === undefined ? 0 : deps.clock.now() - at
  if (at === undefined || age < LATE_MS) return { isHistory: false }
  const isHistory = age > HISTORY_MS || at < (await deps.sinceOf(account)) - LATE_MS
  return { writtenAt: at, isHistory }
}
