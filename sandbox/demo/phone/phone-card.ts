import type { MessageNode } from '../../wasender/nodes.ts'

/** A message that is more than words: what it is called, the words in it and its buttons. */
export type PhoneCard = { title: string; lines: string[]; buttons: string[] }

/** Fields in which kinds of messages keep what people read, and what is on their buttons. */
const LINES: ReadonlySet<string> = new Set([
  ...['hydratedTitleText', 'title', 'subtitle', 'name', 'eventTitle', 'orderTitle', 'groupName'],
  ...['newsletterName', 'hydratedContentText', 'contentText', 'body', 'text', 'messageText'],
  ...[
    'caption',
    'description',
    'message',
    'conversation',
    'optionName',
    'merchant_name',
    'reference_id',
  ],
  ...['hydratedFooterText', 'footerText'],
])
const BUTTONS: ReadonlySet<string> = new Set(['displayText', 'display_text', 'buttonText'])
/** Around a message, or about another one. */
const OTHERS: ReadonlySet<string> = new Set(['contextInfo', 'messageContextInfo'])

/** Reads whatever kind it is: the name of the node in words, and all texts in it. */
export function readCard(node: MessageNode): PhoneCard {
  const [name = ''] = Object.keys(node).filter((field) => !OTHERS.has(field))
  const card: PhoneCard = { title: inWords(name), lines: [], buttons: [] }
  collect(node, card)
  return card
}

/** The ad that somebody came from, above what they write. */
export function readAd({ extendedTextMessage }: MessageNode): PhoneCard | undefined {
  const ad = inside(inside(extendedTextMessage, 'contextInfo'), 'externalAdReply')
  if (ad === undefined) return undefined
  const card: PhoneCard = { title: 'Ad', lines: [], buttons: [] }
  collect(ad, card)
  return card
}

/** Where the name of the node says nothing to people. */
const TITLES: Readonly<Record<string, string | undefined>> = {
  interactiveMessage: 'Message with buttons',
  interactiveResponseMessage: 'Form',
  richResponseMessage: 'Answer of an AI',
  pollResultSnapshotMessage: 'Poll result',
}

/** `newsletterFollowerInviteMessageV2` is a "Newsletter follower invite". */
function inWords(name: string): string {
  const title = TITLES[name]
  if (title !== undefined) return title
  const words = name.replace(/Message(V\d+)?$/, '').replace(/([A-Z])/g, ' $1')
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase()
}

function collect(node: object, card: PhoneCard): void {
  // All that people see of such a button is in its parameters.
  const seen: object = 'buttonParamsJson' in node ? JSON.parse(String(node.buttonParamsJson)) : node
  for (const [field, inner] of Object.entries(seen)) {
    if (OTHERS.has(field)) continue
    if (inner instanceof Object) collect(inner, card)
    else if (BUTTONS.has(field)) card.buttons.push(String(inner))
    else if (LINES.has(field)) card.lines.push(String(inner))
  }
}

function inside(value: unknown, field: string): object | undefined {
  const inner: unknown = value instanceof Object ? Reflect.get(value, field) : undefined
  return inner instanceof Object ? inner : undefined
}
