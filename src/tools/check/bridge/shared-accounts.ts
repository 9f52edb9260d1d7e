import type { AccountConfig } from '../../../config/schema.ts'
import { identitiesOf, UNIQUE } from '../../../config/shared-values.ts'
import { type Finding, failed, orOk, warning } from '../check.ts'
import type { BridgeCheck } from './context.ts'

/** Something no two accounts may have in common. */
type Unique = {
  of: (account: AccountConfig) => string | undefined
  judge: (accounts: string) => Finding
}

const RULES: readonly Unique[] = [
  {
    of: (account) => UNIQUE.session.of(identitiesOf(account)),
    judge: (accounts) =>
      failed(
        'accounts.same_session',
        `${accounts} use one WhatsApp session: a session has one webhook URL, so only one of them gets its messages.`,
        'Give each its own accounts[].wasender.apiKey, or remove one of them.',
      ),
  },
  {
    of: (account) => UNIQUE.inbox.of(identitiesOf(account)),
    judge: (accounts) =>
      failed(
        'accounts.same_inbox',
        `${accounts} use one Chatwoot inbox: an inbox has one callback, so only one of them gets its replies.`,
        'Make an inbox for each and set accounts[].chatwoot.inboxId.',
      ),
  },
  {
    of: (account) => UNIQUE.webhookSecret.of(identitiesOf(account)),
    judge: (accounts) =>
      failed(
        'accounts.same_wasender_secret',
        `${accounts} have the same wasender.webhookSecret: a webhook that carries it cannot be told apart.`,
        'Check that each is the secret of its own session, from the page of the session in the WasenderAPI dashboard.',
      ),
  },
  {
    of: ({ chatwoot }) => chatwoot.webhookSecret,
    judge: (accounts) =>
      warning(
        'accounts.same_chatwoot_secret',
        `${accounts} have the same chatwoot.webhookSecret, but Chatwoot makes one for each inbox.`,
        'Copy each from the settings of its own inbox.',
      ),
  },
]

export const sharedAccounts: BridgeCheck = {
  id: 'accounts',
  title: 'Accounts',
  run: ({ config }) => orOk(judgeShared(config.accounts), countOf(config.accounts.length)),
}

const countOf = (count: number) => (count === 1 ? 'one.' : `${count}, none in another's way.`)

/** Sessions, inboxes and secrets that more than one account has. */
export function judgeShared(accounts: readonly AccountConfig[]): Finding[] {
  return RULES.flatMap(({ of, judge }) => {
    const owners = Map.groupBy(accounts, of)
    owners.delete(undefined)
    return [...owners.values()]
      .filter((sharing) => sharing.length > 1)
      .map((sharing) => judge(sharing.map(({ id }) => id).join(' and ')))
  })
}
