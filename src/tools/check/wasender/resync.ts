import { maskText } from '../../../platforms/wasender/api/mask.ts'
import type { AccountCheck } from '../account-context.ts'
import { type Finding, failed, ok } from '../check.ts'
import { sessionOf } from './our-session.ts'

/**
 * With `--resync`: stores the session's webhook settings again as they are. The answer alone tells whether the engine
 * has taken them over (docs/platforms/wasender.md#session-routes).
 */
export const resync: AccountCheck = {
  id: 'session.sync',
  title: 'Webhook settings sent again',
  needs: ['session.webhook'],
  async run(context) {
    const { id, webhookUrl, webhookEnabled, webhookEvents } = await sessionOf(context)
    const sessions = await context.wasender.sessions()
    const { warning } = await sessions.update(id, {
      ...(webhookUrl === undefined ? {} : { webhookUrl }),
      ...(webhookEnabled === undefined ? {} : { webhookEnabled }),
      ...(webhookEvents === undefined ? {} : { webhookEvents }),
    })
    return [judgeWarning(warning)]
  },
}

export function judgeWarning(warning: string | undefined): Finding {
  if (warning === undefined) return ok('WasenderAPI has taken them over.')
  return failed(
    'session.not_synced',
    `they are stored but not in effect: "${maskText(warning)}".`,
    'Run "check --resync" again in a few minutes. If it stays so, restart the session, then ask WasenderAPI.',
  )
}
