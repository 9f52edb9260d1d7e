import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import { asId, type ChatId } from '../../ids.ts'
import type { OutboundLink } from '../../store/types.ts'
import type { OutEvent } from '../events.ts'
import type { OwnIds } from '../inbound/own-ids.ts'
import type { Handled } from '../lanes/turn.ts'
import type { Journal } from '../outcome/journal.ts'
import { postNote } from './agent-note.ts'
import { createDeleteSent } from './delete-sent.ts'
import { sendOf, TAKEN_MS } from './outbound-message.ts'

/** The chat does not matter for a message that will not be sent. */
const NO_CHAT = asId<ChatId>('deleted')

/**
 * An agent deleted a message in Chatwoot: it is deleted for everyone on WhatsApp, all parts of it, and what is still
 * waiting is not sent any more. Where that is impossible a private note says so.
 */
export type HandleDeletion = ReturnType<typeof createHandleDeletion>

export function createHandleDeletion(deps: { journal: Journal; ownIds: OwnIds; clock: Clock }) {
  const { journal, clock } = deps
  const deleteSent = createDeleteSent(deps)

  /**
   * The journal's entries, none when somebody is just beginning the first. The message itself may still wait behind this
   * event: it finds the entry made here and drops itself.
   */
  async function entriesOf(
    account: Account,
    event: OutEvent,
    known: readonly OutboundLink[],
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
  async function mirrored(account: Account, event: OutEvent): Promise<Handled> {
    const shown = await journal.shownBy(account.id, event.id)
    if (shown?.fromMe) await tell(account, event, account.texts.outbound.typedOnPhone)
    return 'done'
  }

  return async (
    account: Account,
    event: OutEvent,
    known: readonly OutboundLink[],
  ): Promise<Handled> => {
    const isOwn = known.length === 0 && (await deps.ownIds.has(account.id, event.sourceId))
    if (isOwn) return mirrored(account, event)
    const links = await entriesOf(account, event, known)
    if (links.length === 0) return { waitUntil: clock.now() + TAKEN_MS }
    const result = await deleteSent(account, links, event.id)
    if (result === 'deleted') return 'done'
    if ('waitUntil' in result) return result
    await tell(account, event, account.texts.outbound[result.kept])
    // Noted last: a part that is still there counts as handled only once the agent was told.
    for (const link of links) await journal.note(link, { kind: 'deleted', by: event.id })
    return 'done'
  }
}
