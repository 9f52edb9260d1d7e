import type { AccountId } from '../kernel/ids.ts'
import { addressOfAlias } from '../platforms/wasender/jid.ts'
import { MEMORIES } from '../state/redis/memories.ts'
import { createMemory, type RedisState } from '../state/redis/memory.ts'
import type { Chat, Collection, Store } from '../state/store/types.ts'
import type { OpenLids } from './open-lids.ts'

/** The LID of a chat with somebody whose number nobody knows. */
export function openLidOf(chat: Chat | undefined): string | undefined {
  const named = chat === undefined ? undefined : addressOfAlias(chat.chat)
  if (chat === undefined || named?.kind !== 'lid' || chat.phone !== undefined) return undefined
  return chat.lid ?? named.id
}

/**
 * Notes with every change of a chat whether its person is known by LID only, whoever makes it: a message, an import, a
 * merge, a person who is forgotten.
 */
export function followOpenLids(store: Store, openLids: Pick<OpenLids, 'open' | 'close'>): Store {
  return { ...store, chats: follow(store.chats, openLids) }
}

function follow(
  chats: Collection<Chat>,
  { open, close }: Pick<OpenLids, 'open' | 'close'>,
): Collection<Chat> {
  async function note(account: AccountId, before: string | undefined, after: string | undefined) {
    if (before === after) return
    if (before !== undefined) await close(account, [before])
    if (after !== undefined) await open(account, after)
  }

  return {
    ...chats,
    async put(id, chat) {
      const before = openLidOf(await chats.get(id))
      await chats.put(id, chat)
      await note(chat.account, before, openLidOf(chat))
    },
    async update(id, change) {
      let before: string | undefined
      const chat = await chats.update(id, (current) => {
        before = openLidOf(current)
        return change(current)
      })
      if (chat !== undefined) await note(chat.account, before, openLidOf(chat))
      return chat
    },
    async delete(id, when) {
      const chat = await chats.get(id)
      await chats.delete(id, when)
      if (chat === undefined || (await chats.get(id)) !== undefined) return
      await note(chat.account, openLidOf(chat), undefined)
    },
    async erase(ids) {
      const found = await Promise.all([...ids].map((id) => chats.get(id)))
      await chats.erase(ids)
      for (const chat of found) {
        if (chat !== undefined) await note(chat.account, openLidOf(chat), undefined)
      }
    },
  }
}

/** How many are written down at once. */
const BATCH = 500
/** Version of the search through the store. Raise it, and every bridge searches once more. */
const VERSION = '1'

/** The chats of an earlier release, which nobody has followed: looks at all of them, once. */
export async function findOpenLids(deps: {
  state: RedisState
  chats: Pick<Collection<Chat>, 'all'>
  openLids: Pick<OpenLids, 'found'>
}): Promise<void> {
  const { state, chats, openLids } = deps
  const found = createMemory(state, MEMORIES.openLidsFound)()
  if ((await found.get()) === VERSION) return
  const batches = new Map<AccountId, string[]>()
  for await (const { value } of chats.all()) {
    const lid = openLidOf(value)
    if (lid === undefined) continue
    const batch = batches.get(value.account) ?? []
    batches.set(value.account, batch)
    batch.push(lid)
    if (batch.length >= BATCH) await openLids.found(value.account, batch.splice(0))
  }
  for (const [account, batch] of batches) await openLids.found(account, batch)
  await found.set(VERSION)
}
