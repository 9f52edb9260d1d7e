import type { Account } from '../../account.ts'
import { isNotFound } from '../../chatwoot/client.ts'
import type { KeyId } from '../../ids.ts'
import type { Content } from '../../message/canonical.ts'
import type { Incoming } from '../../message/incoming.ts'
import type { Link } from '../../store/types.ts'
import type { Entry } from '../lanes/lanes.ts'
import type { Journal } from '../outcome/journal.ts'
import type { Carried } from './inbound-events.ts'
import type { Later } from './later.ts'
import { isAskedChange } from './own-change.ts'

/** `held`: it waits for its message. `undefined`: to be shown like a message. */
export type ChangeResult = 'held' | 'echo' | 'ignored' | 'delivered' | undefined

type ChangeDeps = { journal: Journal; later: Pick<Later, 'untilTarget'> }

/** Decides about edits, deletions, reactions and poll results, which only mean something beside their message. */
export async function handleChange(
  account: Account,
  entry: Entry,
  change: Carried,
  deps: ChangeDeps,
): Promise<ChangeResult> {
  const { incoming } = change
  const { content } = incoming.message
  const target = targetOf(content)
  if (target === undefined) return undefined
  const link = await deps.journal.byKeyId(account.id, target)
  if (link === undefined) return withoutTarget(account, entry, change, target, deps)
  if (incoming.fromMe && (await isAskedChange(deps.journal, account.id, content))) return 'echo'
  if (!deletes(account, incoming)) return undefined
  await removeMessage(account, link)
  return 'delivered'
}

async function withoutTarget(
  account: Account,
  entry: Entry,
  { incoming, event, isOrphan }: Carried,
  target: KeyId,
  { later }: ChangeDeps,
): Promise<ChangeResult> {
  if (!isOrphan && !isAboutStory(incoming)) {
    await later.untilTarget(account, entry, target, event)
    return 'held'
  }
  // What was changed on the phone and never was in Chatwoot says nothing to an agent.
  return incoming.fromMe || deletes(account, incoming) ? 'ignored' : undefined
}

/** Ours are nowhere in Chatwoot, so there is nothing to wait for. */
function isAboutStory({ message: { content } }: Incoming): boolean {
  return content.kind === 'reaction' && content.toStory === true
}

/** The message a change belongs to; `undefined` for what stands by itself. */
export function targetOf(content: Content): KeyId | undefined {
  return 'target' in content ? content.target : undefined
}

/** Option `customerDeletes: delete`: the text goes in Chatwoot as well. */
function deletes({ options }: Account, { fromMe, message }: Incoming): boolean {
  return message.content.kind === 'revoke' && !fromMe && options.customerDeletes === 'delete'
}

/** Deleting twice does no harm, so the three forms of one deletion need not be told apart. */
export async function removeMessage(account: Account, link: Link): Promise<void> {
  try {
    await account.chatwoot.messages.remove(link.conversationId, link.messageId)
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
