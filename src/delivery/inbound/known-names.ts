import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import { displayName } from '../../identity/display-name.ts'
import { aliasesOf, type Who } from '../../identity/people.ts'
import type { ChatId } from '../../ids.ts'
import { storeKey } from '../../store/keys.ts'
import type { Alias, Store } from '../../store/types.ts'

/** `saved`: from the phone's address book, or a group's subject. `own`: what a person calls themselves. */
export type NameNews = { saved?: string | undefined; own?: string | undefined }

/**
 * What people and groups are called, remembered with their addresses: in groups WhatsApp names authors, members and
 * mentioned people by address only.
 */
export type KnownNames = {
  learn(account: Account, chat: ChatId, who: Who, news: NameNews): Promise<void>
  /** The name in the address book goes before the one a person chose. */
  find(account: Account, who: Who): Promise<string | undefined>
}

export function createKnownNames({ store, clock }: { store: Store; clock: Clock }): KnownNames {
  const { aliases } = store
  const keyOf = (account: Account) => (alias: string) => storeKey.alias(account.id, alias)

  return {
    async learn(account, chat, who, news) {
      const saved = displayName(news.saved)
      const own = displayName(news.own)
      const fields: Partial<Alias> = {
        ...(saved === undefined ? {} : { savedName: saved }),
        ...(own === undefined ? {} : { ownName: own }),
      }
      if (Object.keys(fields).length === 0) return
      // Under the chat as well, which every address of a person leads to.
      const keys = [chat, ...aliasesOf(who)].map(keyOf(account))
      const changes = [...new Set(keys)].map((key) =>
        aliases.update(key, (known) =>
          hasAll(known, fields)
            ? undefined
            : { account: account.id, chat, at: clock.now(), ...known, ...fields },
        ),
      )
      await Promise.all(changes)
    },

    async find(account, who) {
      const look = (names: string[]) =>
        Promise.all(names.map(keyOf(account)).map((key) => aliases.get(key)))
      const direct = (await look(aliasesOf(who))).filter((alias) => alias !== undefined)
      const known = [...direct, ...(await look(direct.map(({ chat }) => chat)))]
      const saved = known.find((alias) => alias?.savedName !== undefined)?.savedName
      // What earlier releases remembered was not cleaned.
      return displayName(saved ?? known.find((alias) => alias?.ownName !== undefined)?.ownName)
    },
  }
}

function hasAll(known: Alias | undefined, fields: Partial<Alias>): boolean {
  if (known === undefined) return false
  const { savedName = known.savedName, ownName = known.ownName } = fields
  return known.savedName === savedName && known.ownName === ownName
}
