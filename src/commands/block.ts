import { jidOf } from '../delivery/outbound/chat-jid.ts'
import type { Conversations } from '../identity/conversations.ts'
import { type Address, formatJid, parseAddress } from '../wasender/jid.ts'
import type { CommandAnswer, CommandRun } from './run.ts'

/** `!block` and `!unblock`. */
export async function block(
  run: CommandRun,
  name: 'block' | 'unblock',
  conversations: Pick<Conversations, 'byConversation'>,
): Promise<CommandAnswer> {
  const { account } = run
  const { commands } = account.texts
  const address = await addressOf(run, conversations)
  if (address === undefined) return commands.notAChat
  if (address.kind !== 'phone' && address.kind !== 'lid') return commands.personsOnly
  const id = address.kind === 'phone' ? address.digits : formatJid(address)
  await account.wasender.contacts[name](id)
  return name === 'block' ? commands.blocked : commands.unblocked
}

/** The chat the bridge knows, else the number of the contact. */
async function addressOf(
  { account, event }: CommandRun,
  conversations: Pick<Conversations, 'byConversation'>,
): Promise<Address | undefined> {
  const chat = await conversations.byConversation(account.id, event.conversation)
  const { phoneNumber } = event.conversation.contact
  const written = chat === undefined ? phoneNumber : jidOf(chat)
  return written === undefined ? undefined : parseAddress(written)
}
