/** Chatwoot takes E.164 only, and refuses the whole contact otherwise (docs/platforms/chatwoot.md#contacts). */
const TAKEN = /^\+[1-9]\d{1,14}$/

/**
 * A number of WhatsApp, in digits, as Chatwoot takes it; `undefined` for what is no telephone number, such as the `0` that
 * WhatsApp itself writes from: such a contact has none.
 */
export function phoneNumberOf(digits: string | undefined): string | undefined {
  const written = `+${digits}`
  return digits !== undefined && TAKEN.test(written) ? written : undefined
}
