import { z } from 'zod'
import { compact, flag, label } from '../../wasender/events/fields.ts'
import type { AdReferral } from '../canonical.ts'
import { readNode } from './fields.ts'
import { isNode, type MessageNode } from './unwrap.ts'

/** An id, which a gateway may also write as a number. */
const id = z.preprocess((value) => (Number.isSafeInteger(value) ? String(value) : value), label)

/** What Meta calls the id of a click, in the spelling of WhatsApp's apps and in that of its business API. */
const clickFields = { ctwaClid: label, ctwa_clid: label }

const adSchema = z.object({
  title: label,
  body: label,
  sourceUrl: label,
  sourceId: id,
  sourceType: label,
  ...clickFields,
  greetingMessageBody: label,
  showAdAttribution: flag,
})

const entrySchema = z.object({
  ...clickFields,
  conversionSource: label,
  entryPointConversionSource: label,
})

/**
 * The ad a message came from (docs/platforms/wasender.md#kinds-of-message). Link cards use the same field and are no
 * ads; a click may also be told without the ad.
 */
export function adIn(context: MessageNode): AdReferral | undefined {
  const card = readNode(adSchema, context.externalAdReply)
  const entry = readNode(entrySchema, context)
  const clickId = clickIdOf(card) ?? clickIdOf(entry)
  const isThere = isNode(context.externalAdReply) && isAd(card, entry)
  if (!isThere && clickId === undefined) return undefined
  return compact({
    title: card.title,
    body: card.body,
    url: card.sourceUrl,
    sourceId: card.sourceId,
    clickId,
    greeting: card.greetingMessageBody,
  })
}

function clickIdOf({ ctwaClid, ctwa_clid }: z.output<z.ZodObject<typeof clickFields>>) {
  return ctwaClid ?? ctwa_clid
}

function isAd(card: z.output<typeof adSchema>, entry: z.output<typeof entrySchema>): boolean {
  const signs = [card.sourceId, entry.conversionSource]
  if (signs.some((sign) => sign !== undefined) || card.showAdAttribution === true) return true
  if (card.sourceType?.toLowerCase() === 'ad') return true
  return entry.entryPointConversionSource?.startsWith('ctwa') === true
}
