import { type Chat, chatJid, messagesData } from './bodies.ts'
import type { MessageNode } from './nodes.ts'
import type { Session } from './session.ts'
import type { World } from './state.ts'
import { type EmitOptions, emitEvents } from './wire.ts'

type Target = { keyId: string; chat: Chat }

/** The business edits or deletes a message of its own, through the API or on its phone. */
export type OwnChanges = {
  /** Returns the node WhatsApp carries the edit in (docs/platforms/wasender.md#message-operations). */
  edit(session: Session, target: Target, text: string, options?: EmitOptions): MessageNode
  revoke(session: Session, target: Target, options?: EmitOptions): MessageNode
}

type Parts = Pick<World, 'webhooks' | 'phones' | 'clock' | 'random' | 'settings' | 'outbox'>

export function createOwnChanges(parts: Parts): OwnChanges {
  const { webhooks, phones, clock, random, settings, outbox } = parts

  /** Own changes come back like own messages: as an upsert with a key of their own. */
  function echo(session: Session, chat: Chat, node: MessageNode, options: EmitOptions): void {
    if (settings.echo.never) return
    const keyId = random.keyId('3EB0', 22)
    const wire = { keyId, chat, node, pushName: session.name, at: clock.now(), status: 1 }
    const usual = { 'messages.upsert': (form: EmitOptions) => messagesData(wire, form) }
    const form = { addressing: settings.echo.addressing, ...options }
    void emitEvents(webhooks, session, chat, { usual }, form)
  }

  const keyOf = ({ keyId, chat }: Target) => ({
    id: keyId,
    fromMe: true,
    remoteJid: chatJid(chat, { addressing: 'pn' }),
  })

  return {
    edit: (session, target, text, options = {}) => {
      const timestampMs = clock.now()
      const editedMessage = { extendedTextMessage: { text } }
      const node = {
        protocolMessage: { key: keyOf(target), type: 14, timestampMs, editedMessage },
      }
      phones.change(target.keyId, { text, editedAt: timestampMs })
      const outgoing = outbox.findByKey(target.keyId)
      if (outgoing !== undefined) outgoing.node = editedMessage
      echo(session, target.chat, node, options)
      return node
    },
    revoke: (session, target, options = {}) => {
      const node = { protocolMessage: { key: keyOf(target), type: 0 } }
      phones.change(target.keyId, { deletedAt: clock.now() })
      echo(session, target.chat, node, options)
      return node
    },
  }
}
