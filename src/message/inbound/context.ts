import { z } from 'zod'
import { asId, type KeyId } from '../../ids.ts'
import { compact, flag, label } from '../../wasender/events/fields.ts'
import type { CanonicalMessage } from '../canonical.ts'
import { adIn } from './ad-referral.ts'
import { list, number, readNode } from './fields.ts'
import type { MessageNode } from './unwrap.ts'

const contextSchema = z.object({
  stanzaId: label,
  mentionedJid: list,
  isForwarded: flag,
  forwardingScore: number,
})

/** What is said around a message, whatever its kind. */
export type MessageContext = Omit<CanonicalMessage, 'content'>

/**
 * Reads `contextInfo`, which sits inside the typed node, on the message itself or on an envelope; the innermost
 * that says something counts (wasender-webhooks.md, section 6).
 */
export function readContext(contexts: readonly MessageNode[]): MessageContext {
  const read = contexts.map((context) => readNode(contextSchema, context))
  const quoted = read.find(({ stanzaId }) => stanzaId !== undefined)?.stanzaId
  const mentions = read.map(mentionsIn).find((jids) => jids.length > 0)
  const isForwarded = read.some(
    ({ isForwarded, forwardingScore = 0 }) => isForwarded === true || forwardingScore > 0,
  )
  return compact({
    quotes: quoted === undefined ? undefined : asId<KeyId>(quoted),
    mentions,
    ad: contexts.map(adIn).find((ad) => ad !== undefined),
    forwarded: isForwarded ? true : undefined,
  })
}

function mentionsIn({ mentionedJid }: { mentionedJid: unknown[] }): string[] {
  return mentionedJid.flatMap((jid) => (typeof jid === 'string' && jid !== '' ? [jid] : []))
}
