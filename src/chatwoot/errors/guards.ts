import { PermanentError } from '../../errors.ts'

/** True when Chatwoot says that the thing asked for does not exist (any more). */
export function isNotFound(error: unknown): error is PermanentError {
  return error instanceof PermanentError && error.code === 'chatwoot.not_found'
}

/**
 * True when a create or an update failed because another record already has this value. `attribute` is Chatwoot's name:
 * `phone_number`, `identifier`, `email`, `url`, `source_id`. The other record's id is not told: search for it
 * (docs/platforms/chatwoot.md#creating-contacts).
 */
export function isTaken(error: unknown, attribute: string): error is PermanentError {
  if (!(error instanceof PermanentError) || !error.code.startsWith('chatwoot.')) return false
  const { taken } = error.context
  return typeof taken === 'string' && taken.split(',').includes(attribute)
}

/**
 * True when Chatwoot does not take the value of an attribute for another reason, such as a number that its release knows
 * to be none.
 */
export function isRefusedValue(error: unknown, attribute: string): error is PermanentError {
  if (!(error instanceof PermanentError) || !error.code.startsWith('chatwoot.')) return false
  const { attributes } = error.context
  const isNamed = typeof attributes === 'string' && attributes.split(',').includes(attribute)
  return isNamed && !isTaken(error, attribute)
}
