import type { Inbox } from '../../../platforms/chatwoot/shapes/inbox.ts'
import type { AccountCheck } from '../account-context.ts'
import { type Finding, failed, ok, skipped, warning } from '../check.ts'
import { chatwootUrls, isSameUrl, showUrl } from '../webhook-urls.ts'
import { inboxOf } from './inbox.ts'

/** Where Chatwoot posts what agents write. */
export const callback: AccountCheck = {
  id: 'inbox.callback',
  title: 'Callback of the inbox',
  needs: ['inbox'],
  async run(context) {
    const urls = chatwootUrls(context.publicUrl, context.account)
    return [judgeCallback(await inboxOf(context), urls)]
  },
}

export function judgeCallback({ webhookUrl }: Pick<Inbox, 'webhookUrl'>, urls: string[]): Finding {
  const shown = urls.map(showUrl).join(' or ')
  if (webhookUrl !== undefined && urls.some((url) => isSameUrl(url, webhookUrl))) {
    return ok(`leads to ${showUrl(webhookUrl)}.`)
  }
  const mend = `Set the webhook URL in the settings of the inbox to ${shown}, or run "wasender-chatwoot setup".`
  if (webhookUrl === undefined)
    return failed('inbox.callback.missing', 'not set: nothing agents write is sent.', mend)
  return isWebAddress(webhookUrl)
    ? failed('inbox.callback.elsewhere', `it leads to ${showUrl(webhookUrl)}.`, mend)
    : failed('inbox.callback.no_address', NO_ADDRESS, mend)
}

/** Chatwoot takes any text there and then fails at every webhook. */
const NO_ADDRESS = 'it is no http or https address, so nothing agents write is sent.'

function isWebAddress(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol)
}

/** The key Chatwoot signs the callback with, which it chooses itself (docs/platforms/chatwoot.md#inboxes). */
export const callbackSecret: AccountCheck = {
  id: 'inbox.secret',
  title: 'Secret of the inbox',
  needs: ['inbox'],
  async run(context) {
    const { account, at } = context
    return [judgeSecret((await inboxOf(context)).secret, account.chatwoot.webhookSecret, at)]
  },
}

export function judgeSecret(
  theirs: string | undefined,
  ours: string | undefined,
  at: string,
): Finding {
  if (ours === undefined) return skipped(`${at}.chatwoot.webhookSecret is not set`)
  if (theirs === undefined) {
    return skipped('Chatwoot shows it to administrators only, and since 4.13')
  }
  if (theirs === ours) return ok('is the configured one.')
  return warning(
    'inbox.secret.differs',
    'it differs from the configured one. The bridge asks for the right one when a signature does not match.',
    `Set ${at}.chatwoot.webhookSecret to the secret in the settings of the inbox.`,
  )
}
