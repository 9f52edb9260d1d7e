import type { Session } from '../../../platforms/wasender/session-schema.ts'
import type { AccountCheck, AccountContext } from '../account-context.ts'
import { type Finding, failed, ok } from '../check.ts'

/** Which of the token's sessions is ours; what is known of it by the token builds on that. */
export const ourSession: AccountCheck = {
  id: 'session.ours',
  title: 'Session of the token',
  needs: ['wasender.api_key', 'wasender.token'],
  async run({ wasender, account, at }) {
    const { apiKey, sessionId } = account.wasender
    const outcome = await wasender.session()
    if (outcome.ok) return [judgeOurs(outcome.value, { apiKey, sessionId, at })]
    if (outcome.error.code === 'wasender.not_found') return [unknownId(sessionId, at)]
    throw outcome.error
  },
}

const unknownId = (sessionId: number | undefined, at: string) =>
  failed(
    'session.unknown_id',
    `the token knows no session ${sessionId ?? ''}.`,
    `Remove ${at}.wasender.sessionId: the session is then found by its API key.`,
  )

export function judgeOurs(
  session: Session | undefined,
  { apiKey, sessionId, at }: { apiKey: string; sessionId: number | undefined; at: string },
): Finding {
  if (session === undefined) {
    return failed(
      'session.not_of_token',
      "none of the token's sessions has this API key.",
      `Set ${at}.wasender.apiKey and ${at}.wasender.personalAccessToken to those of one WasenderAPI account.`,
    )
  }
  if (session.apiKey !== undefined && session.apiKey !== apiKey.trim()) {
    return failed(
      'session.other_key',
      `session ${sessionId} has another API key than the one configured.`,
      `Set ${at}.wasender.apiKey to the key of that session, or correct ${at}.wasender.sessionId.`,
    )
  }
  return ok(`number ${session.id}.`)
}

/** For checks behind this one: the session it has found. */
export async function sessionOf({ wasender }: AccountContext): Promise<Session> {
  const outcome = await wasender.session()
  if (!outcome.ok) throw outcome.error
  if (outcome.value === undefined) throw new Error('The session was not found a moment ago')
  return outcome.value
}
