import { z } from 'zod'
import { asId, type KeyId } from '../../../kernel/ids.ts'
import { anything, flag, node, text } from '../../../platforms/wasender/events/fields.ts'
import type { Converter, Source } from './converter.ts'
import { keyId, readNode } from './fields.ts'
import { wordsIn } from './wording.ts'

const protocolSchema = z.object({
  key: keyId,
  type: anything,
  editedMessage: node,
  limitSharing: z.object({ sharingLimited: flag }).optional().catch(undefined),
  memberLabel: z.object({ label: text }).optional().catch(undefined),
})

type Protocol = z.output<typeof protocolSchema>

/** Numbers and names of what people do; everything else is clients talking to each other. */
const MEANINGS: ReadonlyMap<string, (protocol: Protocol, source: Source) => ReturnType<Converter>> =
  new Map([
    ['0', revoke],
    ['REVOKE', revoke],
    ['14', edit],
    ['MESSAGE_EDIT', edit],
    ['25', mention],
    ['STATUS_MENTION_MESSAGE', mention],
    ['27', limitSharing],
    ['LIMIT_SHARING', limitSharing],
    ['30', memberLabel],
    ['GROUP_MEMBER_LABEL_CHANGE', memberLabel],
  ])

/**
 * `protocolMessage`: a message was deleted for everyone or edited. Protobuf leaves out the type when it is 0, and the
 * gateway may write numbers or names (docs/platforms/wasender.md#kinds-of-message).
 */
export const fromProtocol: Converter = (message, source) => {
  const protocol = readNode(protocolSchema, message)
  const type = protocol.type ?? (protocol.editedMessage === undefined ? 'REVOKE' : 'MESSAGE_EDIT')
  const meaning = MEANINGS.get(String(type).trim().toUpperCase())
  return meaning === undefined ? 'noise' : meaning(protocol, source)
}

function revoke({ key }: Protocol): ReturnType<Converter> {
  return key === undefined ? 'noise' : { kind: 'revoke', target: asId<KeyId>(key) }
}

function edit({ key, editedMessage = {} }: Protocol, { body }: Source): ReturnType<Converter> {
  const text = wordsIn(editedMessage) ?? body ?? ''
  if (key !== undefined) return { kind: 'edit', target: asId<KeyId>(key), text }
  return { kind: 'unsupported', what: 'edit', text }
}

/** Somebody mentioned us in a story; the story itself is not in it. */
function mention(): ReturnType<Converter> {
  return { kind: 'unsupported', what: 'statusMentionMessage' }
}

/** WhatsApp's "advanced chat privacy": what is in the chat can no longer be handed on. */
function limitSharing({ limitSharing }: Protocol): ReturnType<Converter> {
  const what = limitSharing?.sharingLimited === false ? 'sharing-allowed' : 'sharing-limited'
  return { kind: 'system', what, names: [] }
}

/** What members of a group write about themselves next to their name; taken away, it is empty. */
function memberLabel({ memberLabel }: Protocol): ReturnType<Converter> {
  if (memberLabel === undefined) return 'noise'
  return { kind: 'system', what: 'member-label', names: [memberLabel.label ?? ''] }
}
