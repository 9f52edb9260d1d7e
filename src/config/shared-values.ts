import { z } from 'zod'
import { withoutEnd } from '../kernel/without-end.ts'
import { formatPath, type LocatedProblem } from './problems.ts'

/** A text or a number, as it is compared; anything else is another problem, which the schema tells of. */
const value = z
  .union([z.string(), z.number()])
  .transform((given) => String(given).trim())
  .optional()
  .catch(undefined)

const identities = z.object({
  wasender: z.object({ baseUrl: value, apiKey: value, webhookSecret: value }).catch({}),
  chatwoot: z.object({ baseUrl: value, accountId: value, inboxId: value }).catch({}),
})

/** What tells an account from the others. */
type Identities = z.output<typeof identities>

type Unique = {
  /** `undefined` while it is not configured. */
  of: (account: Identities) => string | undefined
  at: readonly [section: 'wasender' | 'chatwoot', key: string]
  /** Why it may not be shared, and where to find the right one. */
  why: string
}

/** What no two accounts may have in common, because messages would reach the wrong one. */
export const UNIQUE = {
  session: {
    of: ({ wasender: { baseUrl = '', apiKey } }) =>
      apiKey ? JSON.stringify([baseUrl, apiKey]) : undefined,
    at: ['wasender', 'apiKey'],
    why: 'One WhatsApp session has one webhook URL and belongs to one account. Take one of the accounts out, or give each the API key of its own session',
  },
  webhookSecret: {
    of: ({ wasender: { webhookSecret } }) => webhookSecret || undefined,
    at: ['wasender', 'webhookSecret'],
    why: 'The secret of a webhook tells which account it is for. Each session has its own, on its page in the WasenderAPI dashboard',
  },
  inbox: {
    of: ({ chatwoot: { baseUrl, accountId, inboxId } }) =>
      baseUrl && accountId && inboxId
        ? JSON.stringify([withoutEnd(baseUrl, '/'), accountId, inboxId])
        : undefined,
    at: ['chatwoot', 'inboxId'],
    why: 'One Chatwoot inbox has one callback, and its replies would leave from the wrong number. Make an inbox for each',
  },
} as const satisfies Record<string, Unique>

/** Values that an account has in common with an earlier one and may not, in whatever is configured so far. */
export function sharedValues(tree: unknown): LocatedProblem[] {
  const read = z.object({ accounts: z.array(z.unknown()) }).safeParse(tree)
  const accounts = read.success ? read.data.accounts.map(identitiesOf) : []
  return Object.values<Unique>(UNIQUE).flatMap(({ of, at, why }) =>
    repeated(accounts.map(of)).map(([first, index]) => ({
      at: ['accounts', index, ...at],
      message: `is the same as ${formatPath(['accounts', first, ...at])}. ${why}`,
    })),
  )
}

/** What of an account counts, however much of it is right. */
export function identitiesOf(account: unknown): Identities {
  const read = identities.safeParse(account)
  return read.success ? read.data : { wasender: {}, chatwoot: {} }
}

/** The places of each value that stood at an earlier one, after that. */
function repeated(values: readonly (string | undefined)[]): [first: number, index: number][] {
  return values.flatMap((each, index): [number, number][] => {
    const first = values.indexOf(each)
    return each === undefined || first === index ? [] : [[first, index]]
  })
}
