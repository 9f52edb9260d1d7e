import { BridgeError } from '../../errors.ts'
import type { Texts } from '../../locale/index.ts'

/** Why a message was not sent, in words for an agent: by the error's code, never by its text from outside. */
export function failureReason(error: unknown, { failed }: Texts): string {
  if (!(error instanceof BridgeError)) return failed.tooLate
  return failed.byCode[error.code] ?? failed.refused(error.message)
}
