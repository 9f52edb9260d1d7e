import { z } from 'zod'
import { compact, flag, label } from '../../wasender/events/fields.ts'
import type { Converter } from './converter.ts'
import { number, readNode } from './fields.ts'

const locationSchema = z.object({
  degreesLatitude: number,
  degreesLongitude: number,
  name: label,
  address: label,
  url: label,
  caption: label,
  comment: label,
  isLive: flag,
})

/**
 * `moves`: the position does, as that of a plain location may, too. Later positions are no webhooks
 * (docs/platforms/wasender.md#kinds-of-message).
 */
const fromPosition =
  (moves: boolean): Converter =>
  (node, { body }) => {
    const place = readNode(locationSchema, node)
    const { degreesLatitude: latitude, degreesLongitude: longitude } = place
    if (latitude === undefined || longitude === undefined) return undefined
    if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return undefined
    const { name, address, url, isLive: live = moves } = place
    const text = place.caption ?? place.comment ?? (live ? body : undefined)
    return { kind: 'location', latitude, longitude, live, ...compact({ name, address, url, text }) }
  }

export const fromLocation = fromPosition(false)
export const fromLiveLocation = fromPosition(true)
