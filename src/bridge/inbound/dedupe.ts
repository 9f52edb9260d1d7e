import { type AccountId, asId, type ConversationId, type KeyId } from '../../kernel/ids.ts'
import { MEMORIES } from '../../state/redis/memories.ts'
import { createMemory, type RedisState } from '../../state/redis/memory.ts'
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
export type Dedupe = {
  /** `conversation`: where the message will be written, as far as that is known without asking Chatwoot. */
  claim(claimant: Claimant, conversation: ConversationId | undefined): Promise<Claim>
  /** It will be written into another conversation than was claimed. Durable before it is. */
  move(claimant: Claimant, conversation: ConversationId): Promise<void>
}

export function createDedupe(state: RedisState): Dedupe {
  const claims = createMemory(state, MEMORIES.claims)

  return {
    async claim(claimant, conversation) {
      const claim = claims(claimant.account, claimant.keyId)
      // Two commands, because NX and GET in one need Redis 7. Only the first to come gets past the first.
      const isFirst = await claim.add(toValue(claimant, conversation))
      if (isFirst) return { standing: 'mine', conversation }
      const known = fromValue((await claim.get()) ?? '')
      if (known.entryId !== claimant.entryId) return { standing: 'taken' }
      return { standing: 'again', conversation: known.conversation ?? conversation }
    },
    move: (claimant, conversation) =>
      claims(claimant.account, claimant.keyId).set(toValue(claimant, conversation)),
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
  state: RedisState
  journal: Pick<Journal, 'byKeyId'>
}): OwnIds {
  const claims = createMemory(deps.state, MEMORIES.claims)
  return {
    async has(account, sourceId) {
      if (sourceId === null) return false
      const keyId = asId<KeyId>(sourceId)
      if ((await deps.journal.byKeyId(account, keyId)) !== undefined) return true
      // It is being written right now: the link between both ids comes last.
      return claims(account, keyId).exists()
    },
  }
}
