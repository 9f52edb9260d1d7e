import { BridgeError } from '../../../kernel/errors.ts'
import type { Texts } from '../../locale/index.ts'

/** Refusals that only the gateway's own words explain. */
const UNEXPLAINED: ReadonlySet<string> = new Set([
  'wasender.invalid',
  'wasender.refused',
  'wasender.not_found',
])

/**
 * Why a message was not sent, in words for an agent: by the error's code. Of text from outside only what WasenderAPI says
 * to a refusal, which its client has cleaned (`maskText`).
 */
export function failureReason(error: unknown, { failed }: Texts): string {
  if (!(error instanceof BridgeError)) return failed.tooLate
  if (error.code === 'outbound.in_doubt') return failed.maybeBeforeLoss
  const reason = failed.byCode[error.code] ?? failed.refused(error.message)
  const { upstream } = error.context
  return UNEXPLAINED.has(error.code) && typeof upstream === 'string'
    ? failed.saying(reason, upstream)
    : reason
}
