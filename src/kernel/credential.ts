/** Nothing but ASCII, without blanks and line breaks: what may stand in a header and in an address as it is. */
export const CREDENTIAL = /^[\x21-\x7e]+$/

/** A secret in the answer of a platform, without blanks around it; what no header could hold is not there. */
export function readCredential(value: unknown): string | undefined {
  const trimmed = typeof value === 'string' ? value.trim() : ''
  return CREDENTIAL.test(trimmed) ? trimmed : undefined
}
