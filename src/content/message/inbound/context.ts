import { z } from 'zod'
import { asId, type KeyId } from '../../../kernel/ids.ts'
import { compact, flag, label, node } from '../../../platforms/wasender/events/fields.ts'
import { parseAddress } from '../../../platforms/wasender/jid.ts'
import type { AdReferral, CanonicalMessage } from '../canonical.ts'
import { list, number, readNode } from './fields.ts'
import { isNode, type MessageNode } from './unwrap.ts'

const contextSchema = z.object({
  stanzaId: label,
  participant: label,
  remoteJid: label,
  quotedMessage: node,
  mentionedJid: list,
  groupMentions: list,
  isForwarded: flag,
  forwardingScore: number,
})

/** What is said around a message, whatever its kind. */
type MessageContext = Omit<CanonicalMessage, 'content' | 'quoted'> & {
  quoted?: QuotedNode
}

/** The message that is answered, still as it came. */
export type QuotedNode = { message: MessageNode; isStory: boolean; from?: string }

/**
 * Reads `contextInfo`, which sits inside the typed node, on the message itself or on an envelope; the innermost that
 * says something counts (docs/platforms/wasender.md#kinds-of-message).
 */
export function readContext(contexts: readonly MessageNode[]): MessageContext {
  const read = contexts.map((context) => readNode(contextSchema, context))
  // Products and stories may be quoted without an id.
  const quoting: Quoting = read.find(isQuoting) ?? {}
  const mentions = read.map(mentionsIn).find((jids) => jids.length > 0)
  const isForwarded = read.some(
    ({ isForwarded, forwardingScore = 0 }) => isForwarded === true || forwardingScore > 0,
  )
  return compact({
    quotes: quoting.stanzaId === undefined ? undefined : asId<KeyId>(quoting.stanzaId),
    quoted: quotedIn(quoting),
    mentions,
    mentionedGroups: read.map(groupsIn).find((groups) => groups.length > 0),
    ad: contexts.map(adIn).find((ad) => ad !== undefined),
    forwarded: isForwarded ? true : undefined,
  })
}

type Quoting = Partial<Omit<z.output<typeof contextSchema>, 'mentionedJid'>>

function isQuoting({ stanzaId, quotedMessage }: Quoting): boolean {
  return stanzaId !== undefined || quotedMessage !== undefined
}

function quotedIn({ quotedMessage, participant, remoteJid = '' }: Quoting): QuotedNode | undefined {
  const isStory = parseAddress(remoteJid)?.kind === 'status'
  if (quotedMessage === undefined && !isStory) return undefined
  return { message: quotedMessage ?? {}, isStory, ...compact({ from: participant }) }
}

function mentionsIn({ mentionedJid }: { mentionedJid: unknown[] }): string[] {
  return mentionedJid.flatMap((jid) => (typeof jid === 'string' && jid !== '' ? [jid] : []))
}

const groupSchema = z.object({ groupJid: label, groupSubject: label })

function groupsIn({ groupMentions }: { groupMentions: unknown[] }) {
  return groupMentions.slice(0, 1_000).flatMap((mention) => {
    const { groupJid: jid, groupSubject: subject } = readNode(groupSchema, mention)
    return jid === undefined || subject === undefined ? [] : [{ jid, subject }]
  })
}

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
function adIn(context: MessageNode): AdReferral | undefined {
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
