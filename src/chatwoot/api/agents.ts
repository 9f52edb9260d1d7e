import { z } from 'zod'
import { type Agent, agentSchema } from '../shapes/agent.ts'
import type { Api } from './api.ts'

/** Everybody who works in the account, administrators too (docs/platforms/chatwoot.md#agents-bots-and-labels). */
export function createAgents(api: Api) {
  return {
    list: (): Promise<Agent[]> =>
      api.request(
        { operation: 'list-agents', method: 'get', path: 'agents', effect: 'repeatable' },
        z.array(agentSchema),
      ),
  }
}
