import type { Clock } from '../clock.ts'
import { editMark } from '../delivery/inbound/own-change.ts'
import { deleteSent } from '../delivery/outbound/delete-sent.ts'
import type { Journal } from '../delivery/outcome/journal.ts'
import type { MsgId } from '../ids.ts'
import { toWhatsApp } from '../message/format/to-whatsapp.ts'
import { agentPrefix } from '../message/outbound/agent-name.ts'
import type { OutboundLink } from '../store/types.ts'
import { findSent, type SentMessage } from './find-sent.ts'
import type { CommandAnswer, CommandRun } from './run.ts'

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
): Promise<CommandAnswer> {
  const { account, event } = run
  const { commands } = account.texts
  const found = await findSent(journal, run)
  if (found === undefined) return commands.nothingToChange
  const link = editable(found)
  if (link === undefined) return commands.onlyText
  const age = clock.now() - link.sentAt
  if (age > EDIT_WITHIN_MS) return commands.tooOldToEdit
  const mayLeave = link.state === 'accepted' && age < LEAVES_WITHIN_MS
  if (mayLeave) return { waitUntil: clock.now() + ASK_AGAIN_MS }
  const written = agentPrefix(event, account.options.agentName) + toWhatsApp(text)
  await journal.note(link, { kind: 'asked', change: editMark(written) })
  await account.wasender.messages.edit(link.msgId, written)
  return commands.edited(text)
}

/** `!delete`: deletes a message that was sent already, for everyone. */
export async function removeSent(
  run: CommandRun,
  { journal, clock }: Deps,
): Promise<CommandAnswer> {
  const { account, event } = run
  const { commands, outbound } = account.texts
  const found = await findSent(journal, run)
  if (found === undefined) return commands.nothingToChange
  const result = await deleteSent(account, found.links, event.id, { journal, clock })
  if (result === 'deleted') return commands.deleted
  return 'waitUntil' in result ? result : commands.failed(outbound[result.kept])
}

/** A text that went out as one message: the gateway changes no captions, and a poll or place has none. */
function editable({ message, links }: SentMessage): Editable | undefined {
  const [link] = links
  const isText = !message.private && message.attachments.length === 0
  if (!isText || links.length !== 1 || link?.msgId === undefined) return undefined
  return { ...link, msgId: link.msgId }
}
