import { z } from 'zod'
import { compact, flag, label } from '../../wasender/events/fields.ts'
import type { AdReferral } from '../canonical.ts'
import { readNode } from './fields.ts'
import { isNode, type MessageNode } from './unwrap.ts'

const adSchema = z.object({
  title: label,
  body: label,
  sourceUrl: label,
  sourceId: label,
  sourceType: label,
  ctwaClid: label,
  greetingMessageBody: label,
  showAdAttribution: flag,
})

const entrySchema = z.object({ conversionSource: label, entryPointConversionSource: label })

/**
 * The ad a message came from (docs/platforms/wasender.md#kinds-of-message). Link cards use the same field and are no
 * ads.
 */
export function adIn(context: MessageNode): AdReferral | undefined {
  if (!isNode(context.externalAdReply)) return undefined
  const card = readNode(adSchema, context.externalAdReply)
  if (!isAd(card, context)) return undefined
  return compact({
    title: card.title,
    body: card.body,
    url: card.sourceUrl,
    sourceId: card.sourceId,
    clickId: card.ctwaClid,
    greeting: card.greetingMessageBody,
  })
}

function isAd(card: z.output<typeof adSchema>, context: MessageNode): boolean {
  const entry = readNode(entrySchema, context)
  const signs = [card.ctwaClid, card.sourceId, entry.conversionSource]
  if (signs.some((sign) => sign !== undefined) || card.showAdAttribution === true) return true
  if (card.sourceType?.toLowerCase() === 'ad') return true
  return entry.entryPointConversionSource?.startsWith('ctwa') === true
}
