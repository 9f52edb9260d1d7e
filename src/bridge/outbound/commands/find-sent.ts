import { toWhatsApp } from '../../../content/message/format/to-whatsapp.ts'
import { agentPrefix } from '../../../content/message/outbound/plan.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { asId, type MessageId, type MsgId } from '../../../kernel/ids.ts'
import type { Message } from '../../../platforms/chatwoot/shapes/message.ts'
import { WaitUntil } from '../../../queue/wait-until.ts'
import type { OutboundLink } from '../../../state/store/types.ts'
import { editMark } from '../../inbound/tellings.ts'
import type { Journal } from '../../sends/journal.ts'
import { deleteSent } from '../handle-deletion.ts'
import type { CommandRun } from './run.ts'

/** A message of Chatwoot with the WhatsApp messages that were made from it. */
type SentMessage = { message: Message; links: OutboundLink[] }

/** Chatwoot shows twenty messages at a time; further back than that nobody means "the last one". */
const PAGES = 5

/** The quoted message, or else the last one that was sent before the command; `undefined` when there is none. */
async function findSent(journal: Journal, run: CommandRun): Promise<SentMessage | undefined> {
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

/** WhatsApp changes a message in its first quarter of an hour (docs/platforms/wasender.md#message-operations). */
const EDIT_WITHIN_MS = 15 * 60_000
/** The gateway does not know a message before it has left, which takes a moment. */
const LEAVES_WITHIN_MS = 60_000
const ASK_AGAIN_MS = 1_000

type Deps = { journal: Journal; clock: Clock }
type Editable = OutboundLink & { msgId: MsgId }

/** `!edit`: changes a message that was sent already. Running it again changes nothing more. */
export async function editSent(
  run: CommandRun,
  text: string,
  { journal, clock }: Deps,
): Promise<string> {
  const { account, event } = run
  const { commands } = account.texts
  const found = await findSent(journal, run)
  if (found === undefined) return commands.nothingToChange
  const link = editable(found)
  if (link === undefined) return commands.onlyText
  const age = clock.now() - link.sentAt
  if (age > EDIT_WITHIN_MS) return commands.tooOldToEdit
  const mayLeave = link.state === 'accepted' && age < LEAVES_WITHIN_MS
  if (mayLeave) {
    const until = clock.now() + ASK_AGAIN_MS
    throw new WaitUntil('The gateway does not know it before it has left.', { until })
  }
  const written = agentPrefix(event, account.options.agentName) + toWhatsApp(text)
  await journal.note(link, { kind: 'asked', change: editMark(written) })
  await account.wasender.messages.edit(link.msgId, written)
  return commands.edited(text)
}

/** `!delete`: deletes a message that was sent already, for everyone. */
export async function removeSent(run: CommandRun, { journal, clock }: Deps): Promise<string> {
  const { account, event } = run
  const { commands, outbound } = account.texts
  const found = await findSent(journal, run)
  if (found === undefined) return commands.nothingToChange
  const result = await deleteSent(account, found.links, event.id, { journal, clock })
  return result === 'deleted' ? commands.deleted : commands.failed(outbound[result.kept])
}

/** A text that went out as one message: the gateway changes no captions, and a poll or place has none. */
function editable({ message, links }: SentMessage): Editable | undefined {
  const [link] = links
  const isText = !message.private && message.attachments.length === 0
  if (!isText || links.length !== 1 || link?.msgId === undefined) return undefined
  return { ...link, msgId: link.msgId }
}
