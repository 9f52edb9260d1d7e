import type { Account } from '../../accounts/account.ts'
import type { ShownQuote } from '../../content/message/outbound/agent-message.ts'
import { BridgeError } from '../../kernel/errors.ts'
import { asId, type ChatId, type KeyId, type MessageId } from '../../kernel/ids.ts'
import { isDeleted } from '../../platforms/chatwoot/events.ts'
import type { Message } from '../../platforms/chatwoot/shapes/message.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import type { OutEvent } from '../events.ts'
import type { Journal } from '../sends/journal.ts'

/** Which message is quoted and how, as it is kept in the journal. */
export type Quote = NonNullable<OutboundLink['quote']>

/** The agent's message matters more than what it quotes: after so many attempts it goes without. */
const ATTEMPTS = 5

/**
 * Chooses how a quote is carried: natively when the quoted message went through the API, else in words
 * (docs/platforms/wasender.md#message-ids). Of a message in several parts the first is quoted.
 */
export async function chooseQuote(
  journal: Journal,
  account: Account,
  event: OutEvent,
): Promise<Quote | undefined> {
  const message = await quotedId(journal, account, event)
  if (message === undefined) return undefined
  const parts = await journal.ofMessage(account.id, message)
  const sent = parts.find(({ msgId, state }) => msgId !== undefined && state !== 'failed')
  return sent?.msgId === undefined ? { message } : { message, msgId: sent.msgId }
}

/** By Chatwoot's id, else by ours, which only messages from WhatsApp have (docs/platforms/chatwoot.md#quotes). */
async function quotedId(
  journal: Journal,
  account: Account,
  { contentAttributes }: OutEvent,
): Promise<MessageId | undefined> {
  const { in_reply_to: id, in_reply_to_external_id: external } = contentAttributes
  const number = Number(id ?? Number.NaN)
  if (Number.isSafeInteger(number) && number > 0) return asId<MessageId>(number)
  if (typeof external !== 'string' || external === '') return undefined
  return (await journal.byKeyId(account.id, asId<KeyId>(external)))?.messageId
}

/** The words of a quote that is not carried natively; `undefined` when there is nothing a customer may see. */
export async function quotedWords(
  account: Account,
  event: OutEvent,
  chat: ChatId,
  attempts: number,
  quote: Quote | undefined,
): Promise<ShownQuote | undefined> {
  if (quote === undefined || quote.msgId !== undefined) return undefined
  try {
    const quoted = await account.chatwoot.messages.get(event.conversation.id, quote.message)
    return quoted === undefined ? undefined : wordsOf(account, event, chat, quoted)
  } catch (error) {
    if (error instanceof BridgeError && attempts >= ATTEMPTS) return undefined
    throw error
  }
}

function wordsOf(
  { texts }: Account,
  { conversation }: OutEvent,
  chat: ChatId,
  quoted: Message,
): ShownQuote | undefined {
  // A private note must not reach the customer, not even as a quote.
  if (quoted.private || isDeleted(quoted)) return undefined
  const text = quoted.content?.trim() || nameOfFile(quoted, texts.outbound)
  if (text === undefined) return undefined
  // In a group the author stands before the text already.
  const isTheirs = quoted.messageType === 'incoming' && !chat.startsWith('group:')
  const author = conversation.contact.name
  return isTheirs && author !== '' ? { text, author } : { text }
}

function nameOfFile(
  { attachments }: Message,
  { quotedFile, quotedOther }: Account['texts']['outbound'],
): string | undefined {
  const [first] = attachments
  return first === undefined ? undefined : (quotedFile[first.fileType] ?? quotedOther)
}
