import { z } from 'zod'
import { summarize, unwrapped } from '../../wasender/node-summary.ts'
import type { MessageNode } from '../../wasender/nodes.ts'
import { type PhoneCard, readAd, readCard } from './phone-card.ts'

/** What a message shows besides its text, as a phone reads it from the node. */
export type PhoneContent = {
  media?: PhoneMedia
  location?: { latitude: number; longitude: number; name?: string; address?: string }
  contacts?: { name: string; phone: string }[]
  poll?: { question: string; options: string[]; isMultiple: boolean }
  reaction?: { target: string; emoji: string }
  card?: PhoneCard
}

/** A file. Without address and key it was too large for the stand-in to host it again. */
export type PhoneMedia = { mimetype: string; fileName?: string; url?: string; mediaKey?: string }

const media = z.looseObject({
  mimetype: z.string(),
  fileName: z.string().optional(),
  url: z.string().optional(),
  mediaKey: z.string().optional(),
})
const place = z.looseObject({
  degreesLatitude: z.number(),
  degreesLongitude: z.number(),
  name: z.string().optional(),
  address: z.string().optional(),
})
const card = z.looseObject({ displayName: z.string(), vcard: z.string() })
const poll = z.looseObject({
  name: z.string(),
  options: z.array(z.looseObject({ optionName: z.string() })),
  selectableOptionsCount: z.number().optional(),
})
const reaction = z.looseObject({ key: z.looseObject({ id: z.string() }), text: z.string() })

const phoneOf = (vcard: string): string => /^TEL[^:\n]*:(.+)$/m.exec(vcard)?.[1]?.trim() ?? ''
const contactOf = ({ displayName, vcard }: z.infer<typeof card>) => ({
  name: displayName,
  phone: phoneOf(vcard),
})

/** One whose bytes stay on another phone has nothing to show. */
function readMedia(node: unknown): PhoneContent {
  const read = media.safeParse(node)
  if (!read.success) return {}
  const { mimetype, fileName, url, mediaKey } = read.data
  const known = Object.entries({ fileName, url, mediaKey }).filter(([, value]) => value)
  return { media: { mimetype, ...Object.fromEntries(known) } }
}

function readPlace(node: unknown): PhoneContent {
  const { degreesLatitude: latitude, degreesLongitude: longitude, ...rest } = place.parse(node)
  const known = Object.entries({ name: rest.name, address: rest.address }).filter(([, v]) => v)
  return { location: { latitude, longitude, ...Object.fromEntries(known) } }
}

/** By the name of the node (docs/platforms/wasender.md#kinds-of-message). */
const READERS: Readonly<Record<string, (node: unknown) => PhoneContent>> = {
  imageMessage: readMedia,
  videoMessage: readMedia,
  ptvMessage: readMedia,
  audioMessage: readMedia,
  documentMessage: readMedia,
  stickerMessage: readMedia,
  locationMessage: readPlace,
  contactMessage: (node) => ({ contacts: [contactOf(card.parse(node))] }),
  contactsArrayMessage: (node) => ({
    contacts: z
      .looseObject({ contacts: z.array(card) })
      .parse(node)
      .contacts.map(contactOf),
  }),
  pollCreationMessageV3: (node) => {
    const { name: question, options, selectableOptionsCount } = poll.parse(node)
    const isMultiple = selectableOptionsCount !== 1
    return { poll: { question, options: options.map((one) => one.optionName), isMultiple } }
  },
  reactionMessage: (node) => {
    const { key, text } = reaction.parse(node)
    return { reaction: { target: key.id, emoji: text } }
  },
}

/** Reads a node. One of which nothing else is known is a card with the words in it. */
export function contentOf(whole: MessageNode): PhoneContent {
  const node = unwrapped(whole)
  for (const [name, inner] of Object.entries(node)) {
    const read = READERS[name]
    if (read !== undefined) return read(inner)
  }
  if (summarize(node).kind === 'other') return { card: readCard(node) }
  const ad = readAd(node)
  return ad === undefined ? {} : { card: ad }
}
