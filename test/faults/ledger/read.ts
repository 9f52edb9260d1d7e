import { createHash } from 'node:crypto'
import type { Attachment, Message } from '../../../sandbox/chatwoot/types.ts'
import type { Fleet, FleetAccount } from '../../support/fleet.ts'
import type { Ledgers, Received, Shown } from './types.ts'

/** Reads both stand-ins. `phones` are all numbers that may have got something. */
export async function readLedgers(fleet: Fleet, phones: Iterable<string>): Promise<Ledgers> {
  const parts = await Promise.all(fleet.accounts.map(readAccount))
  return {
    shown: parts.flatMap(({ shown }) => shown),
    split: parts.flatMap(({ split }) => split),
    received: [...phones].flatMap((phone) => readPhone(fleet, phone)),
  }
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function readAccount(account: FleetAccount): Promise<Pick<Ledgers, 'shown' | 'split'>> {
  const { id, chatwoot, accountId, inboxId } = account
  const contacts = chatwoot.contacts().filter((contact) => contact.accountId === accountId)
  const phoneOf = new Map(contacts.map((contact) => [contact.id, contact.phoneNumber ?? 'nobody']))
  const conversations = chatwoot.conversations().filter((each) => each.inboxId === inboxId)
  const chatOf = new Map(
    conversations.map((each) => [each.pk, phoneOf.get(each.contactId) ?? 'nobody']),
  )
  const messages = chatwoot
    .allMessages()
    .filter((each) => each.inboxId === inboxId && !each.private && each.messageType !== 'activity')
  const shown = await Promise.all(
    messages.map(async (message): Promise<Shown> => {
      const phone = chatOf.get(message.conversationPk) ?? 'nobody'
      return { account: id, phone, ...(await readMessage(account, message)) }
    }),
  )
  const split = [
    ...splitInto('contacts', [...phoneOf.values()]),
    ...splitInto('conversations', [...chatOf.values()]),
  ].map((one) => ({ account: id, ...one }))
  return { shown, split }
}

/** Phones that are there more than once. */
function splitInto(what: string, phones: readonly string[]): { phone: string; into: string }[] {
  return [...Map.groupBy(phones, (phone) => phone)]
    .filter(([, same]) => same.length > 1)
    .map(([phone, same]) => ({ phone, into: `${same.length} ${what}` }))
}

async function readMessage(
  { chatwoot }: FleetAccount,
  message: Message,
): Promise<Omit<Shown, 'account' | 'phone'>> {
  const error = message.contentAttributes.external_error
  const hash = async (file: Attachment) => hashOf(await chatwoot.attachmentBytes(file))
  return {
    messageId: message.id,
    sourceId: message.sourceId,
    incoming: message.messageType === 'incoming',
    content: message.content ?? '',
    // What an agent attached is on the phone to be looked at.
    sha256: message.sourceId === null ? [] : await Promise.all(message.attachments.map(hash)),
    status: message.status,
    error: typeof error === 'string' ? error : undefined,
  }
}

function readPhone({ wasender, accounts }: Fleet, phone: string): Received[] {
  return wasender.inbox(phone).map(({ sessionId, keyId, typed, text, media }) => ({
    account: accounts.find(({ session }) => session.id === sessionId)?.id ?? 'none',
    phone,
    keyId,
    typed: typed ?? false,
    text: text ?? '',
    sha256: media?.sha256,
  }))
}
