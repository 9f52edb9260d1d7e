import { z } from 'zod'
import { positiveInteger } from './ids.ts'
import { text } from './lenient.ts'

/** Somebody who works in a Chatwoot account (docs/platforms/chatwoot.md#agents-bots-and-labels). */
export type Agent = { id: number; name: string; email: string; role: string }

export const agentSchema = z
  .object({ id: positiveInteger, name: text, email: text, role: text })
  .transform(({ id, name = '', email = '', role = '' }): Agent => ({ id, name, email, role }))
