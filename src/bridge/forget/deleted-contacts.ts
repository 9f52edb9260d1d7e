import type { Redis } from 'ioredis'
import type { Account } from '../../accounts/account.ts'
import { createGroupFlush } from '../../kernel/async.ts'
import { type AccountId, asId, type ContactId, type ConversationId } from '../../kernel/ids.ts'
import { isNotFound } from '../../platforms/chatwoot/client.ts'
import { redisKey } from '../../state/redis/keys.ts'
import { storeKey } from '../../state/store/keys.ts'
import type { Store } from '../../state/store/types.ts'
import type { ContactsForget } from './contacts-forget.ts'

/** Contacts that were deleted in Chatwoot and are still to be forgotten here. Outlives the process. */
export type DeletedContacts = {
  /** Durable once resolved. */
  add(account: AccountId, contact: ContactId): Promise<void>
  all(account: AccountId): Promise<ContactId[]>
  done(account: AccountId, contact: ContactId): Promise<void>
  /** Told whenever there is a new one. One listener. */
  onAdded(listener: () => void): void
}

export function createDeletedContacts(deps: { redis: Redis; prefix: string }): DeletedContacts {
  const { redis, prefix } = deps
  const key = (account: AccountId) => redisKey(prefix, 'deletedContacts', account)
  let tell = () => {}
  return {
    async add(account, contact) {
      await redis.sadd(key(account), String(contact))
      tell()
    },
    async all(account) {
      return (await redis.smembers(key(account))).map((id) => asId<ContactId>(Number(id)))
    },
    async done(account, contact) {
      await redis.srem(key(account), String(contact))
    },
    onAdded(listener) {
      tell = listener
    },
  }
}

/** Whose a conversation is now; `undefined` when it is gone. */
async function ownerOf(
  { chatwoot }: Account,
  conversation: ConversationId,
): Promise<ContactId | undefined> {
  try {
    return (await chatwoot.conversations.get(conversation)).contact.id
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/** After a failure, such as a Chatwoot that is away. */
const AGAIN_MS = 5 * 60_000

/** Forgets whoever was deleted in Chatwoot, as soon as it is told. */
export function createForgetDeleted(deps: {
  accounts: readonly Account[]
  deleted: DeletedContacts
  forget: Pick<ContactsForget, 'erase'>
  store: Pick<Store, 'chats'>
  onForgotten: (account: AccountId) => void
  onError: (error: unknown) => void
}) {
  const { accounts, deleted, forget, store } = deps
  let isClosing = false
  let again: NodeJS.Timeout | undefined

  /** When two contacts are merged, Chatwoot deletes one of them and keeps its conversations. */
  async function wasMerged(account: Account, contact: ContactId): Promise<boolean> {
    const chats = await store.chats.findBy('contact', storeKey.byContact(account.id, contact))
    for (const { conversationId } of chats) {
      if (conversationId === undefined) continue
      const owner = await ownerOf(account, conversationId)
      if (owner !== undefined && owner !== contact) return true
    }
    return false
  }

  async function work(account: Account): Promise<void> {
    for (const contact of await deleted.all(account.id)) {
      if (isClosing) return
      if (!(await wasMerged(account, contact))) {
        await forget.erase(account.id, { contact })
        deps.onForgotten(account.id)
      }
      await deleted.done(account.id, contact)
    }
  }

  const working = createGroupFlush(async () => {
    clearTimeout(again)
    for (const account of accounts) {
      try {
        await work(account)
      } catch (error) {
        deps.onError(error)
        again = setTimeout(run, AGAIN_MS).unref()
      }
    }
  })
  const run = () => {
    if (!isClosing) working.request().catch(deps.onError)
  }

  return {
    /** Begins with whoever an earlier process left. */
    start() {
      deleted.onAdded(run)
      run()
    },
    async close() {
      isClosing = true
      clearTimeout(again)
      await working.request()
    },
  }
}
