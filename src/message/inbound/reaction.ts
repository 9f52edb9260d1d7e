import { z } from 'zod'
import { asId, type KeyId } from '../../ids.ts'
import { compact, label, millis, node, text } from '../../wasender/events/fields.ts'
import { parseAddress } from '../../wasender/jid.ts'
import type { Converter } from './converter.ts'
import { readNode } from './fields.ts'

const reactionSchema = z.object({ key: node, text, senderTimestampMs: millis })
const targetSchema = z.object({ id: label, remoteJid: label })

/** `reactionMessage`: an empty `text` takes the reaction back (docs/platforms/wasender.md#kinds-of-message). */
export const fromReaction: Converter = (reaction) => {
  const { key, text: emoji = '', senderTimestampMs: at } = readNode(reactionSchema, reaction)
  const { id, remoteJid = '' } = readNode(targetSchema, key)
  if (id === undefined) return undefined
  const toStory = parseAddress(remoteJid)?.kind === 'status' ? true : undefined
  return { kind: 'reaction', target: asId<KeyId>(id), text: emoji, ...compact({ at, toStory }) }
}
