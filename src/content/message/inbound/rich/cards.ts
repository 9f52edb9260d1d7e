import type { Converter } from '../converter.ts'
import { formatPrice } from '../price.ts'
import { isNode } from '../unwrap.ts'
import { foundTexts } from './found-texts.ts'
import { richContent } from './rich.ts'

/** Where something to read is: a path of fields, or a reader for what is no plain text. */
type Reader = string | ((node: unknown) => string | undefined)

/** Kinds WhatsApp shows as small cards, and what of each can be read, line by line. */
const READERS: Readonly<Record<string, readonly Reader[]>> = {
  groupInviteMessage: ['groupName', 'caption', inviteLink],
  newsletterAdminInviteMessage: ['newsletterName', 'caption'],
  newsletterFollowerInviteMessageV2: ['newsletterName', 'caption'],
  invoiceMessage: ['note'],
  sendPaymentMessage: [...noteOfPayment(), price('amount1000', 'currencyCodeIso4217')],
  requestPaymentMessage: [price('amount1000', 'currencyCodeIso4217'), ...noteOfPayment()],
  pollResultSnapshotMessage: ['name', votes],
  stickerPackMessage: ['name', 'publisher', 'packDescription', 'caption'],
  statusQuestionAnswerMessage: ['text'],
  statusQuotedMessage: ['text'],
}

/** Kinds of which all texts are read, in the order in which they come. */
const READ_WHOLE = [
  ...['richResponseMessage', 'bcallMessage', 'pollAddOptionMessage'],
  ...['declinePaymentRequestMessage', 'cancelPaymentRequestMessage', 'paymentInviteMessage'],
]

/** A converter for each kind that is a few lines to read. */
export const cardConverters: readonly (readonly [string, Converter])[] = [
  ...Object.entries(READERS).map(([what, readers]) => [what, fromLines(what, readers)] as const),
  ...READ_WHOLE.map((what) => [what, fromTexts(what)] as const),
]

function fromLines(what: string, readers: readonly Reader[]): Converter {
  return (node) => {
    const lines = readers.map((reader) =>
      typeof reader === 'string' ? at(node, reader) : reader(node),
    )
    const texts = lines.filter((line) => typeof line === 'string')
    const parts = texts.map((text) => ({ as: 'text' as const, text }))
    return richContent(what, { parts }) ?? { kind: 'unsupported', what }
  }
}

function fromTexts(what: string): Converter {
  return (node) =>
    richContent(what, { parts: foundTexts(node).map((text) => ({ as: 'text', text })) })
}

function at(node: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, field) => (isNode(inner) ? inner[field] : undefined), node)
}

function inviteLink(node: unknown): string | undefined {
  const code = at(node, 'inviteCode')
  return typeof code === 'string' && /^[\w-]+$/.test(code)
    ? `https://chat.whatsapp.com/${code}`
    : undefined
}

function noteOfPayment(): Reader[] {
  return ['noteMessage.conversation', 'noteMessage.extendedTextMessage.text']
}

function price(amount: string, currency: string): Reader {
  return (node) => formatPrice(at(node, amount), at(node, currency))
}

/** The options of a poll with their votes, as lines. */
function votes(node: unknown): string | undefined {
  const entries = at(node, 'pollVotes')
  if (!Array.isArray(entries)) return undefined
  const lines = entries.slice(0, 100).flatMap((entry) => {
    const name = at(entry, 'optionName')
    const count = at(entry, 'optionVoteCount')
    if (typeof name !== 'string') return []
    return [`- ${name}${count == null ? '' : `: ${count}`}`]
  })
  return lines.join('\n')
}
