import { z } from 'zod'
import { asId, type Jid, type KeyId, type MsgId } from '../ids.ts'
import { integer, jid, maybe, millis, text } from './api/fields.ts'
import { type Ack, toAck } from './events/ack.ts'

/** What the gateway knows of a message it has sent (docs/platforms/wasender.md#message-operations). */
export type MessageInfo = {
  keyId: KeyId
  msgId: MsgId | undefined
  remoteJid: Jid | undefined
  status: Ack | undefined
  /** Milliseconds since 1970. */
  at: number | undefined
}

const key = maybe(z.looseObject({ id: maybe(text), remoteJid: maybe(jid) }))

/** An info without a key id is one that came too early: `undefined`, like a 404. */
export const messageInfo = z
  .looseObject({
    key,
    id: maybe(text),
    msgId: maybe(integer),
    remoteJid: maybe(jid),
    status: maybe(z.unknown().transform(toAck)),
    messageTimestamp: maybe(millis),
  })
  .transform((raw): MessageInfo | undefined => {
    const keyId = raw.key?.id ?? raw.id
    if (keyId === undefined) return undefined
    return {
      keyId: asId<KeyId>(keyId),
      msgId: raw.msgId === undefined ? undefined : asId<MsgId>(raw.msgId),
      remoteJid: raw.key?.remoteJid ?? raw.remoteJid,
      status: raw.status,
      at: raw.messageTimestamp,
    }
  })
