import { z } from 'zod'
import { listOf, positiveInteger, text } from './lenient.ts'

/** Somebody who works in a Chatwoot account (docs/platforms/chatwoot.md#agents-bots-and-labels). */
export type Agent = { id: number; name: string; email: string; role: string }

export const agentSchema = z
  .object({ id: positiveInteger, name: text, email: text, role: text })
  .transform(({ id, name = '', email = '', role = '' }): Agent => ({ id, name, email, role }))

/** The owner of the token and the accounts it belongs to. Its tokens are not copied. */
export type Profile = {
  id: number
  name: string
  accounts: { id: number; name: string; role: string }[]
}

export const profileSchema = z
  .object({
    id: positiveInteger,
    name: text,
    accounts: listOf(
      z
        .object({ id: positiveInteger, name: text, role: text })
        .transform(({ id, name = '', role = '' }) => ({ id, name, role })),
    ),
  })
  .transform(({ id, name = '', accounts }): Profile => ({ id, name, accounts }))
