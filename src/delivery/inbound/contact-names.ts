import type { Account } from '../../account.ts'
import { isNotFound } from '../../chatwoot/client.ts'
import type { ContactRef } from '../../chatwoot/shapes/contact.ts'
import type { ChatId } from '../../ids.ts'
import type { Texts } from '../../locale/index.ts'
import { storeKey } from '../../store/keys.ts'
import type { Chat, Store } from '../../store/types.ts'

/** Keeps the names of Chatwoot's contacts up to date, as far as option `contactNames` allows. */
export type ContactNames = {
  /** WhatsApp calls the chat `name` by now. Costs calls only when that is new. */
  offer(account: Account, chat: ChatId, name: string): Promise<void>
}

/**
 * With `if-unset` a name is only replaced while it is the bridge's own, a bare number or a stand-in such as "WhatsApp
 * group". The last name that was offered is remembered, so that Chatwoot is asked once per name and not per message.
 */
export function createContactNames({ store }: { store: Store }): ContactNames {
  async function rename(account: Account, chat: Chat, name: string): Promise<Partial<Chat>> {
    const contact = await account.chatwoot.contacts.get(chat.contactId)
    const offered = { nameOffered: name }
    if (contact.name === name) return { ...offered, nameSet: name }
    const always = account.options.contactNames === 'always'
    if (!always && !isReplaceable(contact, chat, account.texts)) return offered
    await account.chatwoot.contacts.update(chat.contactId, { name })
    return { ...offered, nameSet: name }
  }

  return {
    async offer(account, chat, name) {
      if (account.options.contactNames === 'never') return
      const id = storeKey.chat(account.id, chat)
      const known = await store.chats.get(id)
      if (known === undefined || (known.nameOffered ?? known.nameSet) === name) return
      try {
        const learned = await rename(account, known, name)
        await store.chats.update(id, (current) => current && { ...current, ...learned })
      } catch (error) {
        // Deleted in Chatwoot: the next message makes it anew, with its name.
        if (!isNotFound(error)) throw error
      }
    },
  }
}

/** Whether the contact's name is nobody's choice. */
function isReplaceable(contact: ContactRef, chat: Chat, { names }: Texts): boolean {
  const { name } = contact
  if (name.trim() === '' || name === chat.nameSet) return true
  const isNumber = /^\+?[\d\s().-]{6,}$/.test(name)
  return isNumber || Object.values(names).includes(name)
}
