import type { Redis } from 'ioredis'
import { type AccountId, asId, type KeyId } from '../../ids.ts'
import type { Journal } from '../outcome/journal.ts'
import { isClaimed } from './claims.ts'

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
