import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import { asId, type ChatId } from '../../ids.ts'
import type { OutboundLink } from '../../store/types.ts'
import type { OutEvent } from '../events.ts'
import type { OwnIds } from '../inbound/own-ids.ts'
import type { Handled } from '../lanes/turn.ts'
import type { Journal } from '../outcome/journal.ts'
import { postNote } from './agent-note.ts'
import { deleteSent } from './delete-sent.ts'
import { sendOf, TAKEN_MS } from './outbound-message.ts'

/** The chat does not matter for a message that will not be sent. */
const NO_CHAT = asId<ChatId>('deleted')

type DeletionDeps = { journal: Journal; ownIds: Pick<OwnIds, 'has'>; clock: Clock }

/**
 * An agent deleted a message in Chatwoot: it is deleted for everyone on WhatsApp, all parts of it, and what is still
 * waiting is not sent any more. Where that is impossible a private note says so.
 */
export async function handleDeletion(
  account: Account,
  event: OutEvent,
  known: readonly OutboundLink[],
  { journal, ownIds, clock }: DeletionDeps,
): Promise<Handled> {
  const isOwn = known.length === 0 && (await ownIds.has(account.id, event.sourceId))
  if (isOwn) return mirrored(account, event, journal)
  const links = await entriesOf(account, event, known, journal)
  if (links.length === 0) return { waitUntil: clock.now() + TAKEN_MS }
  const result = await deleteSent(account, links, event.id, { journal, clock })
  if (result === 'deleted') return 'done'
  if ('waitUntil' in result) return result
  await tell(account, event, account.texts.outbound[result.kept])
  // Noted last: a part that is still there counts as handled only once the agent was told.
  for (const link of links) await journal.note(link, { kind: 'deleted', by: event.id })
  return 'done'
}

/**
 * The journal's entries, none when somebody is just beginning the first. The message itself may still wait behind this
 * event: it finds the entry made here and drops itself.
 */
async function entriesOf(
  account: Account,
  event: OutEvent,
  known: readonly OutboundLink[],
  journal: Journal,
): Promise<readonly OutboundLink[]> {
  if (known.length > 0) return known
  const message = { account, event, chat: NO_CHAT, of: 1 }
  const waiting = await journal.begin(sendOf(message, 0, ''), 'queued')
  return waiting === undefined ? [] : [waiting]
}

async function tell(account: Account, event: OutEvent, why: string): Promise<void> {
  await postNote(account, {
    conversation: event.conversation.id,
    about: event.id,
    sourceId: `deletion:${event.id}`,
    text: account.texts.outbound.notDeleted(why),
  })
}

/** What was typed on the phone was mirrored, so the gateway knows no message it could delete. */
async function mirrored(account: Account, event: OutEvent, journal: Journal): Promise<Handled> {
  const shown = await journal.shownBy(account.id, event.id)
  if (shown?.fromMe) await tell(account, event, account.texts.outbound.typedOnPhone)
  return 'done'
}
