import type { Session } from '../../../platforms/wasender/session-schema.ts'
import type { AccountCheck } from '../account-context.ts'
import { type Finding, failed, orOk, warning } from '../check.ts'
import { isSameUrl, showUrl, wasenderUrls } from '../webhook-urls.ts'
import { sessionOf } from './our-session.ts'

type Facts = Pick<Session, 'webhookUrl' | 'webhookEnabled' | 'webhookSecret'>
type Wanted = { urls: readonly string[]; secret: string; at: string }

/** Where the gateway posts, and with which secret. */
export const sessionWebhook: AccountCheck = {
  id: 'session.webhook',
  title: 'Webhook of the session',
  needs: ['session.ours'],
  async run(context) {
    const { account, at, publicUrl } = context
    const urls = wasenderUrls(publicUrl, account)
    const wanted = { urls, secret: account.wasender.webhookSecret, at }
    return judgeWebhook(await sessionOf(context), wanted)
  },
}

export function judgeWebhook(session: Facts, wanted: Wanted): Finding[] {
  const findings = [judgeUrl(session, wanted), judgeEnabled(session), judgeSecret(session, wanted)]
  return orOk(findings, `leads to ${wanted.urls[0]}.`)
}

function judgeUrl({ webhookUrl }: Facts, { urls }: Wanted): Finding | undefined {
  if (webhookUrl !== undefined && urls.some((url) => isSameUrl(url, webhookUrl))) return undefined
  const mend = `Set the session's webhook URL to ${urls[0]}, in the WasenderAPI dashboard or by "wasender-chatwoot setup".`
  return webhookUrl === undefined
    ? failed('session.webhook.missing', 'the session has no webhook URL: nothing arrives.', mend)
    : failed('session.webhook.elsewhere', `it leads to ${showUrl(webhookUrl)}.`, mend)
}

function judgeEnabled({ webhookEnabled }: Facts): Finding | undefined {
  if (webhookEnabled !== false) return undefined
  return failed(
    'session.webhook.disabled',
    'webhooks are switched off in the session: nothing arrives.',
    'Switch them on, on the page of the session in the WasenderAPI dashboard.',
  )
}

function judgeSecret({ webhookSecret }: Facts, { secret, at }: Wanted): Finding | undefined {
  // Spaces at the ends come from copying; no header keeps them.
  if (webhookSecret?.trim() === secret.trim()) return undefined
  return webhookSecret === undefined
    ? failed(
        'session.webhook.no_secret',
        'the session has no webhook secret, so its webhooks are refused.',
        `Make one on the page of the session in the WasenderAPI dashboard and set ${at}.wasender.webhookSecret to it.`,
      )
    : warning(
        'session.webhook.secret',
        'the session has another webhook secret than the one configured. The bridge asks for the right one when a webhook does not match.',
        `Set ${at}.wasender.webhookSecret to the one on the page of the session in the WasenderAPI dashboard.`,
      )
}
