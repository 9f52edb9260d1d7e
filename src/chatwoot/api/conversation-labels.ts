import { z } from 'zod'
import type { ConversationId } from '../../ids.ts'
import type { Api } from './api.ts'

const labelList = z.object({ payload: z.array(z.string()) }).transform(({ payload }) => payload)

/**
 * Labels of a conversation. They need not exist as labels of the account
 * (docs/platforms/chatwoot.md#changing-conversations).
 */
export function createConversationLabels(api: Api) {
  return {
    get: (id: ConversationId): Promise<string[]> =>
      api.request(
        {
          operation: 'get-labels',
          method: 'get',
          path: `conversations/${id}/labels`,
          effect: 'repeatable',
        },
        labelList,
      ),
    /** Replaces the set. */
    set: (id: ConversationId, labels: readonly string[]): Promise<string[]> =>
      api.request(
        {
          operation: 'set-labels',
          method: 'post',
          path: `conversations/${id}/labels`,
          json: { labels },
          effect: 'repeatable',
        },
        labelList,
      ),
  }
}
