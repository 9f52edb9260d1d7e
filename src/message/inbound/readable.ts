import { formatPrice } from './price.ts'
import { isNode } from './unwrap.ts'

/** Where something to read is: a path of fields, or a reader for what is no plain text. */
type Reader = string | ((node: unknown) => string | undefined)

/**
 * Kinds WhatsApp shows as cards of their own, and what of each can be read, line by line. Chatwoot has no such
 * cards; the rest of it stays on the phone.
 */
const READABLE: ReadonlyMap<string, readonly Reader[]> = new Map<string, readonly Reader[]>([
  ['groupInviteMessage', ['groupName', 'caption', inviteLink]],
  ['newsletterAdminInviteMessage', ['newsletterName', 'caption']],
  ['newsletterFollowerInviteMessageV2', ['newsletterName', 'caption']],
  ['eventMessage', ['name', 'description', 'location.name', 'location.address', 'joinLink']],
  ['scheduledCallCreationMessage', ['title']],
  ['orderMessage', ['orderTitle', 'message', price('totalAmount1000', 'totalCurrencyCode')]],
  [
    'productMessage',
    [
      'product.title',
      'product.description',
      price('product.priceAmount1000', 'product.currencyCode'),
      'product.url',
      'body',
      'footer',
    ],
  ],
  ['invoiceMessage', ['note']],
  ['sendPaymentMessage', ['noteMessage.conversation', 'noteMessage.extendedTextMessage.text']],
  [
    'requestPaymentMessage',
    [
      price('amount1000', 'currencyCodeIso4217'),
      'noteMessage.conversation',
      'noteMessage.extendedTextMessage.text',
    ],
  ],
  [
    'buttonsMessage',
    ['text', 'contentText', 'footerText', names('buttons', 'buttonText.displayText')],
  ],
  ['listMessage', ['title', 'description', 'footerText', 'buttonText']],
  [
    'templateMessage',
    ['hydratedTemplate.hydratedTitleText', 'hydratedTemplate.hydratedContentText'],
  ],
  ['interactiveMessage', ['header.title', 'header.subtitle', 'body.text', 'footer.text']],
  ['pollResultSnapshotMessage', ['name', names('pollVotes', 'optionName')]],
  ['stickerPackMessage', ['name', 'publisher']],
  ['imageMessage', ['caption']],
  ['videoMessage', ['caption']],
  ['documentMessage', ['caption', 'fileName']],
])

/** Kinds that are always shown as what they are, because nothing in Chatwoot could stand for them. */
export const readableKinds: readonly string[] = [...READABLE.keys()]

/** What can be read of a node that cannot be carried; `undefined` when there is nothing. */
export function readableText(type: string, node: unknown): string | undefined {
  const lines = (READABLE.get(type) ?? []).flatMap((reader) => {
    const line = typeof reader === 'string' ? at(node, reader) : reader(node)
    return typeof line === 'string' && line.trim() !== '' ? [line.trim()] : []
  })
  return lines.length === 0 ? undefined : [...new Set(lines)].join('\n')
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

function price(amount: string, currency: string): Reader {
  return (node) => formatPrice(at(node, amount), at(node, currency))
}

/** The names in a list, as lines. */
function names(list: string, field: string): Reader {
  return (node) => {
    const entries = at(node, list)
    if (!Array.isArray(entries)) return undefined
    const found = entries
      .map((entry) => at(entry, field))
      .filter((name) => typeof name === 'string')
    return found.map((name) => `- ${name}`).join('\n')
  }
}
