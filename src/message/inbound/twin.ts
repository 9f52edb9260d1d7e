import { z } from 'zod'
import { asId, type KeyId } from '../../ids.ts'
import { anything, compact } from '../../wasender/events/fields.ts'
import type { CanonicalMessage } from '../canonical.ts'
import { keyId, readNode } from './fields.ts'
import { isNode, type MessageNode } from './unwrap.ts'

const associationSchema = z.object({ associationType: anything, parentMessageKey: keyId })
const contextSchema = z.object({ pairedMediaType: anything })

/**
 * Kinds of association in which WhatsApp sends one file twice, as parent and child, and whether the child is the better
 * one (docs/platforms/wasender.md#kinds-of-message).
 */
const TWINS: ReadonlyMap<string, boolean> = new Map([
  ['5', true],
  ['HD_VIDEO_DUAL_UPLOAD', true],
  ['10', true],
  ['HD_IMAGE_DUAL_UPLOAD', true],
  ['19', true],
  ['HEVC_VIDEO_DUAL_UPLOAD', true],
  // The seconds around a picture: the picture is what was meant.
  ['12', false],
  ['MOTION_PHOTO', false],
])

/** What WhatsApp calls a file that a better one follows, on the file itself. */
const PARENTS: ReadonlySet<string> = new Set([
  ...['1', 'SD_VIDEO_PARENT', '3', 'SD_IMAGE_PARENT', '7', 'HEVC_VIDEO_PARENT'],
])

/** Of which other message this is the same file, or that one follows it. */
export function readTwin(
  message: MessageNode,
  contexts: readonly MessageNode[],
): Pick<CanonicalMessage, 'twinOf' | 'awaitsTwin'> {
  const context = isNode(message.messageContextInfo) ? message.messageContextInfo : {}
  const { associationType, parentMessageKey } = readNode(
    associationSchema,
    context.messageAssociation,
  )
  const isBetter = TWINS.get(nameOf(associationType))
  const types = contexts.map((each) => nameOf(readNode(contextSchema, each).pairedMediaType))
  return compact({
    twinOf:
      isBetter === undefined || parentMessageKey === undefined
        ? undefined
        : { id: asId<KeyId>(parentMessageKey), isBetter },
    awaitsTwin: types.some((type) => PARENTS.has(type)) ? (true as const) : undefined,
  })
}

const nameOf = (value: unknown) =>
  String(value ?? '')
    .trim()
    .toUpperCase()
