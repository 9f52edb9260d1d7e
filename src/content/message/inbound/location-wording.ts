import type { Texts } from '../../locale/index.ts'
import type { Content } from '../canonical.ts'
import { toMarkdown } from '../format/to-markdown.ts'
import { bold, linesOf, link, plain, small } from './inline.ts'

type Place = Extract<Content, { kind: 'location' }>

/** Opens in every browser, and in the map app of a phone. */
const MAP = 'https://maps.google.com/?q='

/** Finer is finer than any phone knows its place (about ten centimetres), and never `1e-7`. */
const DECIMALS = 6

/** A place in words, with a link to a map: Chatwoot's own map cannot be made through its API. */
export function placeWords(place: Place, { inbound }: Texts): string {
  const { name, address, live, text, url } = place
  return linesOf(
    bold(name ?? (live ? inbound.location.live : inbound.location.place)),
    plain(address ?? ''),
    mapLink(place),
    link(url),
    live ? small(inbound.location.liveNote) : undefined,
    text === undefined ? undefined : toMarkdown(text),
  )
}

/** A link to a place on a map. */
export function mapLink({ latitude, longitude }: Pick<Place, 'latitude' | 'longitude'>): string {
  return `${MAP}${degrees(latitude)},${degrees(longitude)}`
}

function degrees(value: number): string {
  const rounded = Number(value.toFixed(DECIMALS))
  return String(rounded === 0 ? 0 : rounded)
}
