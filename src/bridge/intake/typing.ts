import type { Account } from '../../accounts/account.ts'
import type { Jid } from '../../kernel/ids.ts'
import type { Conversations } from '../../people/conversations.ts'
import type { TypingEvent } from '../../platforms/chatwoot/events.ts'
import { addressOfAlias } from '../../platforms/wasender/jid.ts'
import type { Throttle } from '../../queue/queue.ts'
import type { Chat } from '../../state/store/types.ts'
import { jidOf } from '../outbound/target.ts'

/** Closer together the marks of one chat would only be noise (docs/platforms/wasender.md#read-marks-and-typing). */
const COMPOSING_EVERY_MS = 3_000

/** Chats that show somebody typing; channels and stories do not. */
const SHOWS_TYPING = new Set(['phone', 'lid', 'group'])

/**
 * Shows the customer that an agent is typing. Worth nothing a few seconds later, so it is neither stored nor repeated,
 * and what goes wrong is only told to `onFailed`.
 */
export function createTyping(deps: {
  conversations: Conversations
  throttle: Throttle
  onFailed: (account: Account, error: unknown) => void
}) {
  const { conversations, throttle, onFailed } = deps
  /** The last mark of each conversation that is on its way: an end must not overtake its beginning. */
  const last = new Map<string, Promise<void>>()

  async function jidFor(account: Account, event: TypingEvent): Promise<Jid | undefined> {
    const chat = await conversations.byConversation(account.id, event.conversation)
    return chat !== undefined && showsTyping(chat) ? jidOf(chat) : undefined
  }

  async function send(account: Account, event: TypingEvent): Promise<void> {
    const jid = await jidFor(account, event)
    if (jid === undefined) return
    const name = `typing:${account.id}:${jid}`
    if (event.on && !(await throttle.allow(name, COMPOSING_EVERY_MS))) return
    await account.wasender.presence.send({ jid, state: event.on ? 'composing' : 'paused' })
  }

  return (account: Account, event: TypingEvent): void => {
    if (!account.options.typing || event.private || event.user?.kind !== 'user') return
    const name = `${account.id}:${event.conversation.id}`
    const sending = (last.get(name) ?? Promise.resolve())
      .then(() => send(account, event))
      .catch((error: unknown) => onFailed(account, error))
      .finally(() => {
        if (last.get(name) === sending) last.delete(name)
      })
    last.set(name, sending)
  }
}

function showsTyping({ chat }: Chat): boolean {
  const address = addressOfAlias(chat)
  return address !== undefined && SHOWS_TYPING.has(address.kind)
}
