import type { HostedMedia } from './cdn.ts'

/** The `message` of a WhatsApp message: one typed node (docs/platforms/wasender.md#kinds-of-message). */
export type MessageNode = Record<string, unknown>

/** The part of a node that says what it answers. */
export type Quote = { keyId: string; participant: string; node: MessageNode }

export type Contact = { name: string; phone: string }
export type Location = { latitude: number; longitude: number; name?: string; address?: string }
export type Poll = { question: string; options: string[]; multiSelect: boolean }

/** Kinds of media a person can send; several share one node. */
export const MEDIA_NODES = {
  image: { node: 'imageMessage', extra: {} },
  video: { node: 'videoMessage', extra: {} },
  gif: { node: 'videoMessage', extra: { gifPlayback: true } },
  'round-video': { node: 'ptvMessage', extra: {} },
  audio: { node: 'audioMessage', extra: { ptt: false } },
  voice: { node: 'audioMessage', extra: { ptt: true, seconds: 3 } },
  document: { node: 'documentMessage', extra: {} },
  sticker: { node: 'stickerMessage', extra: { isAnimated: false } },
} as const
export type MediaKind = keyof typeof MEDIA_NODES

/** Plain text as a phone sends it. */
export const textNode = (text: string): MessageNode => ({
  conversation: text,
  messageContextInfo: {},
})

/** Text as the gateway sends it, and any text with a quote. */
export function extendedTextNode(text: string, contextInfo?: Record<string, unknown>): MessageNode {
  return { extendedTextMessage: { text, ...(contextInfo === undefined ? {} : { contextInfo }) } }
}

export function mediaNode(
  kind: MediaKind,
  media: Partial<HostedMedia>,
  details: { caption?: string; fileName?: string; contextInfo?: Record<string, unknown> } = {},
): MessageNode {
  const { node, extra } = MEDIA_NODES[kind]
  const { caption, fileName, contextInfo } = details
  return {
    [node]: {
      ...media,
      ...extra,
      ...(caption === undefined ? {} : { caption }),
      ...(fileName === undefined ? {} : { fileName, title: fileName }),
      ...(contextInfo === undefined ? {} : { contextInfo }),
    },
  }
}

export function contactNode({ name, phone }: Contact): MessageNode {
  const digits = phone.replace(/\D/g, '')
  const lines = [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `N:;${name};;;`,
    `FN:${name}`,
    `TEL;type=CELL;waid=${digits}:+${digits}`,
    'END:VCARD',
  ]
  return { contactMessage: { displayName: name, vcard: lines.join('\n') } }
}

export function locationNode({ latitude, longitude, name, address }: Location): MessageNode {
  return {
    locationMessage: {
      degreesLatitude: latitude,
      degreesLongitude: longitude,
      ...(name === undefined ? {} : { name }),
      ...(address === undefined ? {} : { address }),
    },
  }
}

export function pollNode({ question, options, multiSelect }: Poll): MessageNode {
  return {
    pollCreationMessageV3: {
      name: question,
      options: options.map((optionName) => ({ optionName })),
      selectableOptionsCount: multiSelect ? 0 : 1,
    },
  }
}

export const quoteInfo = ({ keyId, participant, node }: Quote): Record<string, unknown> => ({
  stanzaId: keyId,
  participant,
  quotedMessage: node,
})
