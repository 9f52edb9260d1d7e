import { createHash } from 'node:crypto'
import type { Content, MediaKind } from './canonical.ts'

type ContentOf<Kind extends Content['kind']> = Extract<Content, { kind: Kind }>

/** Kinds of files the gateway may turn into each other: the phone shows a sent audio as a voice note, and so on. */
const ALIKE: Readonly<Record<MediaKind, string>> = {
  image: 'image',
  video: 'video',
  gif: 'video',
  round: 'video',
  audio: 'audio',
  voice: 'audio',
  document: 'document',
  sticker: 'sticker',
}

/** WhatsApp may hand coordinates on in single precision; four decimals are about ten metres. */
const degrees = (value: number) => Math.fround(value).toFixed(4)

/** What tells two messages of a kind apart, where that is not their text. */
const OWN: { [Kind in Content['kind']]?: (content: ContentOf<Kind>) => string } = {
  media: ({ media, text = '' }) => `${ALIKE[media.kind]}\n${text}`,
  location: ({ latitude, longitude }) => [latitude, longitude].map(degrees).join(' '),
  contacts: ({ cards }) => cards.map(({ name }) => name).join('\n'),
  rich: ({ what, parts }) => JSON.stringify([what, parts]),
}

/**
 * A short hash of what a message says, by which the echo of a send is recognised. White space is levelled,
 * because WhatsApp trims and the gateway may re-encode; everything else has to be equal.
 */
export function fingerprint(content: Content): string {
  const said = `${content.kind}\n${levelled(wordsOf(content.kind, content))}`
  return createHash('sha256').update(said).digest('base64url').slice(0, 22)
}

function wordsOf<Kind extends Content['kind']>(kind: Kind, content: ContentOf<Kind>): string {
  return OWN[kind]?.(content) ?? ('text' in content ? content.text : undefined) ?? ''
}

function levelled(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u200B-\u200D\u2060\uFEFF]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}
