import { pnJid } from './addresses.ts'
import type { Cdn } from './cdn.ts'
import { ownDigits } from './group-registry.ts'
import { type FetchedMedia, fetchMedia, MEDIA_FIELDS } from './media-fetch.ts'
import {
  contactNode,
  extendedTextNode,
  locationNode,
  type MessageNode,
  mediaNode,
  pollNode,
  quoteInfo,
} from './nodes.ts'
import type { Outbox, Outgoing } from './outbox.ts'
import type { PhoneMessage } from './phones.ts'
import { contentOf, type SendRequest } from './send-request.ts'
import type { Session } from './session.ts'

/** What a send turns into on WhatsApp: the node, and what the person sees of it. */
export type Composed = {
  node: MessageNode
  seen: Pick<
    PhoneMessage,
    'kind' | 'text' | 'url' | 'media' | 'contact' | 'location' | 'poll' | 'quoted' | 'mentions'
  >
}

type Parts = { cdn: Cdn; outbox: Outbox; signal: AbortSignal }

/** Builds the WhatsApp message of an accepted send. A text is the reason why that is impossible. */
export async function compose(
  session: Session,
  { request }: Outgoing,
  { cdn, outbox, signal }: Parts,
): Promise<Composed | string> {
  const field = contentOf(request)
  const rule = MEDIA_FIELDS[field]
  const url = rule === undefined ? undefined : urlOf(request)
  const media = rule && url ? await fetchMedia(url, rule, signal) : undefined
  if (typeof media === 'string') return media

  const quoted = request.replyTo === undefined ? undefined : outbox.find(request.replyTo)
  const contextInfo = contextOf(session, request, quoted)
  const common = { quoted: quoted?.keyId, mentions: request.mentions }
  if (media !== undefined) return { ...composeMedia(request, media, url, cdn, contextInfo, common) }
  return composePlain(request, contextInfo, common)
}

type Context = Record<string, unknown> | undefined
type Common = Pick<PhoneMessage, 'quoted' | 'mentions'>

function composeMedia(
  request: SendRequest,
  media: FetchedMedia,
  url: string | undefined,
  cdn: Cdn,
  contextInfo: Context,
  common: Common,
): Composed {
  const { kind, mimetype, bytes, sha256, content } = media
  const caption = kind === 'sticker' ? undefined : request.text
  const fileName = kind === 'document' ? (request.fileName ?? 'document') : request.fileName
  const hosted =
    content === undefined
      ? { mimetype, fileLength: String(bytes) }
      : cdn.host(kind, content, mimetype)
  const details = {
    ...(caption === undefined ? {} : { caption }),
    ...(fileName === undefined ? {} : { fileName }),
    ...(contextInfo === undefined ? {} : { contextInfo }),
  }
  const file = { mimetype, bytes, sha256, ...(fileName === undefined ? {} : { fileName }) }
  return {
    node: mediaNode(kind, hosted, details),
    seen: { kind, text: caption, url, media: file, ...common },
  }
}

function composePlain(request: SendRequest, contextInfo: Context, common: Common): Composed {
  const { contact, location, poll, text = '' } = request
  if (contact !== undefined) {
    return { node: contactNode(contact), seen: { kind: 'contact', contact, ...common } }
  }
  if (location !== undefined) {
    const { latitude, longitude, name, address } = location
    const place = {
      latitude,
      longitude,
      ...(name === undefined ? {} : { name }),
      ...(address === undefined ? {} : { address }),
    }
    return { node: locationNode(place), seen: { kind: 'location', location: place, ...common } }
  }
  if (poll !== undefined) {
    const { question, options, multiSelect = false } = poll
    const full = { question, options, multiSelect }
    return { node: pollNode(full), seen: { kind: 'poll', poll: full, text: question, ...common } }
  }
  return { node: extendedTextNode(text, contextInfo), seen: { kind: 'text', text, ...common } }
}

function contextOf(session: Session, request: SendRequest, quoted: Outgoing | undefined): Context {
  const participant = pnJid(ownDigits(session))
  const { keyId, node } = quoted ?? {}
  const quote = keyId && node ? quoteInfo({ keyId, participant, node }) : undefined
  const mentions = request.mentions && { mentionedJid: request.mentions }
  return quote || mentions ? { ...quote, ...mentions } : undefined
}

function urlOf(request: SendRequest): string | undefined {
  const { imageUrl, videoUrl, documentUrl, audioUrl, stickerUrl } = request
  return imageUrl ?? videoUrl ?? documentUrl ?? audioUrl ?? stickerUrl
}
