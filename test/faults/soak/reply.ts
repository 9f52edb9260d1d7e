import type { ReplyOptions } from '../../../sandbox/chatwoot/agents.ts'
import { sampleFile } from '../../../src/content/media/outbound/testing.ts'
import type { FleetAccount } from '../../support/fleet.ts'
import { hashOf } from '../ledger/read.ts'
import type { Mark, Replied } from '../ledger/types.ts'
import type { Acceptance } from './accepted.ts'
import type { OutKind } from './plan.ts'

type Upload = NonNullable<ReplyOptions['attachments']>[number]
type Draft = { text: string | null; options: ReplyOptions; parts: Mark[] }

function upload(filename: string, contentType: string): Upload {
  return { filename, contentType, bytes: sampleFile(contentType, 3_000) }
}

function withFiles(text: string | null, attachments: Upload[], before: Mark[] = []): Draft {
  const files = attachments.map(({ bytes }) => ({ sha256: hashOf(bytes) }))
  return { text, options: { attachments }, parts: [...before, ...files] }
}

/** What an agent writes of each kind and the WhatsApp messages it makes. `words` are in no other message. */
const DRAFTS: Record<OutKind, (words: string, quoted: number | undefined) => Draft> = {
  text: (words) => ({ text: `Dear **${words}**`, options: {}, parts: [{ text: words }] }),
  quote: (words, quoted) => ({
    text: `As to this: ${words}`,
    options: quoted === undefined ? {} : { inReplyTo: quoted },
    parts: [{ text: words }],
  }),
  image: (words) => withFiles(words, [upload('photo.png', 'image/png')]),
  files: () =>
    withFiles(null, [upload('offer.pdf', 'application/pdf'), upload('film.mp4', 'video/mp4')]),
  'text-and-file': (words) =>
    withFiles(words, [upload('song.mp3', 'audio/mpeg')], [{ text: words }]),
}

export type ReplyOrder = {
  account: FleetAccount
  phone: string
  kind: OutKind
  words: string
  acceptance: Acceptance
}

/** Lets an agent answer; `undefined` while there is no conversation to answer in. */
export async function reply(order: ReplyOrder): Promise<Replied | undefined> {
  const { account, phone, kind, words, acceptance } = order
  const conversation = conversationOf(account, phone)
  if (conversation === undefined) return undefined
  const { chatwoot, accountId } = account
  const incoming = chatwoot
    .messages(conversation, accountId)
    .findLast(({ messageType }) => messageType === 'incoming')
  const { text, options, parts } = DRAFTS[kind](words, incoming?.id)
  const { id } = await chatwoot.agent({ accountId }).reply(conversation, text, options)
  return {
    by: 'agent',
    kind,
    account: account.id,
    phone,
    messageId: id,
    parts,
    accepted: () => acceptance.replied(account, id),
  }
}

function conversationOf({ chatwoot, accountId, inboxId }: FleetAccount, phone: string) {
  const contact = chatwoot
    .contacts()
    .find((each) => each.accountId === accountId && each.phoneNumber === phone)
  return chatwoot
    .conversations()
    .find((each) => each.inboxId === inboxId && each.contactId === contact?.id)?.id
}
