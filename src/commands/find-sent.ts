import type { Message } from '../chatwoot/shapes/message.ts'
import type { Journal } from '../delivery/outcome/journal.ts'
import { asId, type MessageId } from '../ids.ts'
import type { OutboundLink } from '../store/types.ts'
import type { CommandRun } from './run.ts'

/** A message of Chatwoot with the WhatsApp messages that were made from it. */
export type SentMessage = { message: Message; links: OutboundLink[] }

/** Chatwoot shows twenty messages at a time; further back than that nobody means "the last one". */
const PAGES = 5

/** The quoted message, or else the last one that was sent before the command; `undefined` when there is none. */
export async function findSent(
  journal: Journal,
  run: CommandRun,
): Promise<SentMessage | undefined> {
  const { messages } = run.account.chatwoot
  const { id, conversation, contentAttributes } = run.event
  const quoted = quotedMessageId(contentAttributes)
  if (quoted !== undefined) {
    const message = await messages.get(conversation.id, quoted)
    return message === undefined ? undefined : asSent(journal, run, message)
  }
  let before: MessageId | undefined = id
  for (let page = 0; page < PAGES && before !== undefined; page += 1) {
    const older: Message[] = await messages.list(conversation.id, { before })
    const found = await newestSent(journal, run, older)
    if (found !== undefined) return found
    before = older[0]?.id
  }
  return undefined
}

async function newestSent(
  journal: Journal,
  run: CommandRun,
  messages: readonly Message[],
): Promise<SentMessage | undefined> {
  for (const message of messages.toReversed()) {
    const found =
      message.messageType === 'incoming' ? undefined : await asSent(journal, run, message)
    if (found !== undefined) return found
  }
  return undefined
}

/** `undefined` for what is not on WhatsApp, or no longer. */
async function asSent(
  journal: Journal,
  { account, event }: CommandRun,
  message: Message,
): Promise<SentMessage | undefined> {
  const links = await journal.ofMessage(account.id, message.id)
  const isThere = links.some(({ msgId, state, deletedBy }) => {
    // What this very command has deleted counts, so that it finds the same message when it is run again.
    const isDeleted = deletedBy !== undefined && deletedBy !== event.id
    return msgId !== undefined && state !== 'failed' && !isDeleted
  })
  return isThere ? { message, links } : undefined
}

/** The message a note quotes. */
export function quotedMessageId(attributes: Readonly<Record<string, unknown>>) {
  const id = Number(attributes.in_reply_to ?? Number.NaN)
  return Number.isSafeInteger(id) && id > 0 ? asId<MessageId>(id) : undefined
}
