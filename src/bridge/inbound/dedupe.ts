import type { Redis } from 'ioredis'
import { type AccountId, asId, type ConversationId, type KeyId } from '../../kernel/ids.ts'
import type { Journal } from '../sends/journal.ts'

/** `mine`: first come. `again`: this very entry claimed it before, so an earlier attempt may have succeeded. */
export type Claim = {
  standing: 'mine' | 'again' | 'taken'
  /** The only conversation an earlier attempt can have written into; absent when there was none yet. */
  conversation?: ConversationId | undefined
}

/** What a WhatsApp message is claimed by. */
type Claimant = { account: AccountId; keyId: KeyId; entryId: string }

/**
 * Who may bring a WhatsApp message into Chatwoot. WasenderAPI delivers one message under up to three event
 * names and repeats deliveries; the first entry to claim the id does the work, all others are dropped.
 */
export type Claims = {
  /** `conversation`: where the message will be written, as far as that is known without asking Chatwoot. */
  claim(claimant: Claimant, conversation: ConversationId | undefined): Promise<Claim>
  /** It will be written into another conversation than was claimed. Durable before it is. */
  move(claimant: Claimant, conversation: ConversationId): Promise<void>
}

/** Longer than anything is retried; after that the store's link still tells a duplicate. */
const KEEP_FOR_S = 8 * 24 * 3600

type ClaimsDeps = { redis: Redis; prefix: string }
type Claimed = Pick<Claimant, 'account' | 'keyId'>

const nameOf = (prefix: string, { account, keyId }: Claimed) => `${prefix}claim:${account}:${keyId}`

/** Whether somebody brings this WhatsApp message into Chatwoot, or has done so within eight days. */
async function isClaimed({ redis, prefix }: ClaimsDeps, claimed: Claimed): Promise<boolean> {
  return (await redis.exists(nameOf(prefix, claimed))) > 0
}

export function createClaims({ redis, prefix }: ClaimsDeps): Claims {
  const keyOf = (claimant: Claimant) => nameOf(prefix, claimant)

  return {
    async claim(claimant, conversation) {
      const key = keyOf(claimant)
      // Two commands, because NX and GET in one need Redis 7. Only the first to come gets past the first.
      const value = toValue(claimant, conversation)
      const first = await redis.set(key, value, 'EX', KEEP_FOR_S, 'NX')
      if (first !== null) return { standing: 'mine', conversation }
      const known = fromValue((await redis.get(key)) ?? '')
      if (known.entryId !== claimant.entryId) return { standing: 'taken' }
      return { standing: 'again', conversation: known.conversation ?? conversation }
    },
    async move(claimant, conversation) {
      await redis.set(keyOf(claimant), toValue(claimant, conversation), 'EX', KEEP_FOR_S)
    },
  }
}

/** Entry ids hold no space. */
function toValue({ entryId }: Claimant, conversation: ConversationId | undefined): string {
  return conversation === undefined ? entryId : `${entryId} ${conversation}`
}

function fromValue(value: string) {
  const [entryId, conversation] = value.split(' ')
  return {
    entryId,
    conversation:
      conversation === undefined ? undefined : asId<ConversationId>(Number(conversation)),
  }
}

/**
 * The source ids that messages of the bridge have: ids of WhatsApp messages, which are claimed before they are written. Any
 * other is of a program that writes through Chatwoot's API and keeps ids of its own there.
 */
export type OwnIds = {
  has(account: AccountId, sourceId: string | null): Promise<boolean>
}

export function createOwnIds(deps: {
  redis: Redis
  prefix: string
  journal: Pick<Journal, 'byKeyId'>
}): OwnIds {
  return {
    async has(account, sourceId) {
      if (sourceId === null) return false
      const keyId = asId<KeyId>(sourceId)
      if ((await deps.journal.byKeyId(account, keyId)) !== undefined) return true
      // It is being written right now: the link between both ids comes last.
      return isClaimed(deps, { account, keyId })
    },
  }
}
