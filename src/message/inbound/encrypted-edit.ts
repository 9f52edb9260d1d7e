import { z } from 'zod'
import { asId, type KeyId } from '../../ids.ts'
import type { Converter } from './converter.ts'
import { keyId, readNode } from './fields.ts'

const encryptedSchema = z.object({ targetMessageKey: keyId })

/**
 * `secretEncryptedMessage`: a message, an event or a poll was changed (docs/platforms/wasender.md#kinds-of-message).
 * The key to it stays with WhatsApp's clients; the gateway may tell what it says now by an update.
 */
export const fromEncryptedEdit: Converter = (node) => {
  const { targetMessageKey: target } = readNode(encryptedSchema, node)
  return target === undefined ? undefined : { kind: 'encrypted-edit', target: asId<KeyId>(target) }
}
