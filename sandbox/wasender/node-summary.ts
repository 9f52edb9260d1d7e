import type { MessageNode } from './nodes.ts'

/** What a node is to a person looking at it. */
export type NodeSummary = { kind: string; text?: string | undefined; quoted?: string | undefined }

type Fields = Record<string, unknown>
type Reader = (node: Fields) => { kind: string; text?: unknown }

const READERS: Record<string, Reader> = {
  extendedTextMessage: (node) => ({ kind: 'text', text: node.text }),
  imageMessage: (node) => ({ kind: 'image', text: node.caption }),
  videoMessage: (node) => ({ kind: node.gifPlayback ? 'gif' : 'video', text: node.caption }),
  ptvMessage: () => ({ kind: 'round-video' }),
  audioMessage: (node) => ({ kind: node.ptt ? 'voice' : 'audio' }),
  documentMessage: (node) => ({ kind: 'document', text: node.caption }),
  stickerMessage: () => ({ kind: 'sticker' }),
  contactMessage: () => ({ kind: 'contact' }),
  contactsArrayMessage: () => ({ kind: 'contacts' }),
  locationMessage: () => ({ kind: 'location' }),
  liveLocationMessage: () => ({ kind: 'live-location' }),
  pollCreationMessageV3: () => ({ kind: 'poll' }),
  reactionMessage: (node) => ({ kind: 'reaction', text: node.text }),
  buttonsResponseMessage: (node) => ({ kind: 'choice', text: node.selectedDisplayText }),
  templateButtonReplyMessage: (node) => ({ kind: 'choice', text: node.selectedDisplayText }),
  listResponseMessage: (node) => ({ kind: 'choice', text: node.title }),
}

/** Wrappers that hold the real node in `.message`. */
const WRAPPERS = [
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'associatedChildMessage',
  'questionMessage',
  'botForwardedMessage',
]

/** What is inside of all wrappers. */
export function unwrapped(message: MessageNode): MessageNode {
  for (const [name, value] of Object.entries(message)) {
    if (WRAPPERS.includes(name) && isFields(value) && isFields(value.message)) {
      return unwrapped(value.message)
    }
  }
  return message
}

/** Kind, text and quote of a node; `other` for nodes without anything to show. */
export function summarize(whole: MessageNode | undefined): NodeSummary {
  if (whole === undefined) return { kind: 'other' }
  const message = unwrapped(whole)
  if (typeof message.conversation === 'string') {
    return { kind: 'text', text: message.conversation }
  }
  for (const [name, value] of Object.entries(message)) {
    if (!isFields(value)) continue
    const reader = READERS[name]
    if (reader !== undefined) return { ...asText(reader(value)), quoted: quotedIn(value) }
  }
  return { kind: 'other' }
}

function asText({ kind, text }: ReturnType<Reader>): NodeSummary {
  return { kind, text: typeof text === 'string' ? text : undefined }
}

function quotedIn({ contextInfo }: Fields): string | undefined {
  const id = isFields(contextInfo) ? contextInfo.stanzaId : undefined
  return typeof id === 'string' ? id : undefined
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
