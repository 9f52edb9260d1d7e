import { z } from 'zod'
import type { AccountCheck } from '../account-context.ts'
import { type Finding, ok, skipped } from '../check.ts'
import type { Probed } from '../http-probe.ts'

const accounts = z.looseObject({
  accounts: z.array(z.looseObject({ id: z.string(), openLids: z.int().min(0).optional() })),
})

/** How many customers have no number, which only the running bridge knows. Nobody has to act. */
export const openLids: AccountCheck = {
  id: 'open-lids',
  title: 'Customers without a number',
  async run({ account, askBridge }) {
    return judgeOpenLids(await askBridge('/admin/api/accounts'), account.id)
  },
}

export function judgeOpenLids(probed: Probed | undefined, account: string): Finding[] {
  if (probed === undefined)
    return [skipped('only the bridge knows, and server.adminToken is not set.')]
  const answer = accounts.safeParse(probed.answered ? probed.body : undefined)
  const count = answer.data?.accounts.find(({ id }) => id === account)?.openLids
  if (count === undefined) return [skipped('the running bridge could not be asked.')]
  if (count === 0) return [ok('none: the numbers of all customers are known.')]
  return [
    ok(
      `${count}, known by LID only. The bridge asks for their numbers again, and when they write.`,
    ),
  ]
}
