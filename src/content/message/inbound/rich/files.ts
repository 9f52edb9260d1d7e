import { z } from 'zod'
import { compact, label } from '../../../../platforms/wasender/events/fields.ts'
import type { MediaNode } from '../../../../platforms/wasender/media.ts'
import type { MediaRef, RichPart } from '../../canonical.ts'
import { number, readNode } from '../fields.ts'
import { mediaIn, mediaNodes } from '../media.ts'
import { isNode, type MessageNode } from '../unwrap.ts'
import type { RichReading } from './rich.ts'

const placeSchema = z.object({
  degreesLatitude: number,
  degreesLongitude: number,
  name: label,
  address: label,
})

/** The files and the place in a header: its fields are those of a message. A file without its key is named. */
export function readHeader(header: unknown, at: number | undefined): RichReading {
  const parts: RichPart[] = []
  const files: MediaRef[] = []
  if (!isNode(header)) return { parts, files }
  for (const name of mediaNodes) {
    if (header[name] == null) continue
    const found = fileIn(name, header[name], at)
    if (found === undefined) parts.push({ as: 'withheld', what: name })
    else files.push(found)
  }
  const place = placeIn(header.locationMessage ?? header.location)
  return { parts: place === undefined ? parts : [...parts, place], files }
}

/** A file as it stands in a message of another kind. */
export function fileIn(
  name: MediaNode,
  node: unknown,
  at: number | undefined,
): MediaRef | undefined {
  return mediaIn(name, node, at)?.media
}

/** A place with its name; without coordinates only the name. */
export function placeIn(node: unknown): RichPart | undefined {
  const {
    degreesLatitude: latitude,
    degreesLongitude: longitude,
    name,
    address,
  } = readNode(placeSchema, node)
  const isPlace =
    latitude !== undefined &&
    longitude !== undefined &&
    Math.abs(latitude) <= 90 &&
    Math.abs(longitude) <= 180
  if (isPlace) return { as: 'place', latitude, longitude, ...compact({ name, address }) }
  const words = [name, address].filter((word) => word !== undefined)
  return words.length === 0 ? undefined : { as: 'text', text: words.join('\n') }
}

const MOST_LOOKED_AT = 2_000
const DEEPEST = 12

/** The files anywhere in a node nobody knows: their fields are called as everywhere. */
export function foundFiles(node: unknown, at: number | undefined): MediaRef[] {
  const files: MediaRef[] = []
  const waiting = [{ value: node, depth: 0 }]
  for (let looked = 0; looked < MOST_LOOKED_AT; looked += 1) {
    const place = waiting.pop()
    if (place === undefined) break
    const { value, depth } = place
    if (isNode(value)) files.push(...filesBeside(value, at))
    if (depth === DEEPEST) continue
    const below = valuesIn(value).map((each) => ({ value: each, depth: depth + 1 }))
    waiting.push(...below.reverse())
  }
  return files
}

function filesBeside(holder: MessageNode, at: number | undefined): MediaRef[] {
  return mediaNodes.flatMap((name) => fileIn(name, holder[name], at) ?? [])
}

/** What stands in a value; not what it quotes. */
function valuesIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.slice(0, MOST_LOOKED_AT)
  if (!isNode(value)) return []
  const names = Object.keys(value).slice(0, MOST_LOOKED_AT)
  return names.filter((name) => !OTHER_MESSAGES.has(name)).map((name) => value[name])
}

const OTHER_MESSAGES: ReadonlySet<string> = new Set([
  ...['contextInfo', 'messageContextInfo', 'quotedMessage'],
])
