import { z } from 'zod'
import { asId, type KeyId } from '../../ids.ts'
import { compact, millis, text } from '../../wasender/events/fields.ts'
import type { Converter } from './converter.ts'
import { keyId, readNode } from './fields.ts'

const reactionSchema = z.object({ key: keyId, text, senderTimestampMs: millis })

/** `reactionMessage`: an empty `text` takes the reaction back (wasender-webhooks.md, section 6). */
export const fromReaction: Converter = (node) => {
  const { key, text: emoji = '', senderTimestampMs: at } = readNode(reactionSchema, node)
  if (key === undefined) return undefined
  return { kind: 'reaction', target: asId<KeyId>(key), text: emoji, ...compact({ at }) }
}
