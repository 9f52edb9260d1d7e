import { z } from 'zod'
import { positiveInteger } from './ids.ts'
import { listOf, text } from './lenient.ts'

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
