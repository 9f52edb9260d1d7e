import { z } from 'zod'
import type { AccountCheck } from '../account-context.ts'
import { type Finding, ok, skipped, warning } from '../check.ts'
import type { Probed } from '../http-probe.ts'

const accounts = z.looseObject({
  accounts: z.array(
    z.looseObject({
      id: z.string(),
      limits: z.array(z.looseObject({ code: z.string(), what: z.string(), helps: z.string() })),
    }),
  ),
})

/** Whether WhatsApp limits the account, which only the running bridge knows. */
export const limits: AccountCheck = {
  id: 'limits',
  title: 'Limits of WhatsApp',
  async run({ account, askBridge }) {
    return judgeLimits(await askBridge('/admin/api/accounts'), account.id)
  },
}

export function judgeLimits(probed: Probed | undefined, account: string): Finding[] {
  if (probed === undefined)
    return [skipped('only the bridge knows, and server.adminToken is not set.')]
  const answer = accounts.safeParse(probed.answered ? probed.body : undefined)
  const found = answer.data?.accounts.find(({ id }) => id === account)
  if (found === undefined) return [skipped('the running bridge could not be asked.')]
  if (found.limits.length === 0) return [ok('none is met.')]
  return found.limits.map(({ code, what, helps }) => warning(`limits.${code}`, what, helps))
}
