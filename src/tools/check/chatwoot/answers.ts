import type { BridgeError } from '../../../kernel/errors.ts'
import type { AccountCheck } from '../account-context.ts'
import { type Finding, failed, orOk } from '../check.ts'
import { describeNetwork } from '../network.ts'

/** Whether Chatwoot is there, and well. Needs no token. */
export const chatwootAnswers: AccountCheck = {
  id: 'chatwoot',
  title: 'Chatwoot',
  async run({ chatwoot, account, at }) {
    const { baseUrl } = account.chatwoot
    const outcome = await chatwoot.version()
    if (!outcome.ok) return [judgeSilence(outcome.error, `${at}.chatwoot.baseUrl`)]
    return orOk(judgeHealth(outcome.value), `answers at ${baseUrl}.`)
  },
}

type Health = Record<'queueServices' | 'dataServices', 'ok' | 'failing' | undefined>

const SERVICES = {
  queueServices: failed(
    'chatwoot.queue_failing',
    'it says that it cannot reach its Redis, so it sends no webhook.',
    'Check the Redis of Chatwoot and its REDIS_URL.',
  ),
  dataServices: failed(
    'chatwoot.data_failing',
    'it says that it cannot reach its database.',
    'Check the PostgreSQL of Chatwoot.',
  ),
}

/** What Chatwoot says of its own services (docs/platforms/chatwoot.md#version-and-health). */
export function judgeHealth({ queueServices, dataServices }: Health): Finding[] {
  return [
    ...(queueServices === 'failing' ? [SERVICES.queueServices] : []),
    ...(dataServices === 'failing' ? [SERVICES.dataServices] : []),
  ]
}

type Judge = (error: BridgeError, setting: string) => Finding

const notAChatwoot: Judge = ({ context }, setting) =>
  failed(
    'chatwoot.not_a_chatwoot',
    `what answers there is not a Chatwoot (HTTP ${context.status}).`,
    `Set ${setting} to the address agents open, without /app and what follows.`,
  )

const BY_CODE: Readonly<Record<string, Judge>> = {
  'chatwoot.unreachable': ({ context }, setting) => {
    const { found, mend } = describeNetwork(context.network)
    const more = `Its address is in ${setting}.`
    return failed('chatwoot.unreachable', `it cannot be reached: ${found}.`, `${mend} ${more}`)
  },
  'chatwoot.server_error': ({ context }) =>
    failed(
      'chatwoot.server_error',
      `it is in trouble (HTTP ${context.status}).`,
      "Look into Chatwoot's log. Messages of customers wait meanwhile.",
    ),
  'chatwoot.redirected': (_error, setting) =>
    failed(
      'chatwoot.redirected',
      'it redirects to another address, and the token is not sent after it.',
      `Set ${setting} to the address it ends at; most often https is missing.`,
    ),
}

/** Why `GET /api` did not tell a version. */
export function judgeSilence(error: BridgeError, setting: string): Finding {
  return (BY_CODE[error.code] ?? notAChatwoot)(error, setting)
}
