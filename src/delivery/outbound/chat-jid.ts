import type { Jid } from '../../ids.ts'
import type { Chat } from '../../store/types.ts'
import { addressOfAlias, formatJid } from '../../wasender/jid.ts'

/** The JID of a chat as WasenderAPI's routes take it: by number where one is known; `undefined` for nobody's chat. */
export function jidOf({ chat, phone, lid }: Pick<Chat, 'chat' | 'phone' | 'lid'>): Jid | undefined {
  if (phone !== undefined) return formatJid({ kind: 'phone', digits: phone })
  if (lid !== undefined) return formatJid({ kind: 'lid', id: lid })
  const address = addressOfAlias(chat)
  return address === undefined ? undefined : formatJid(address)
}
