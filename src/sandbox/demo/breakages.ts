/** What can be broken on purpose, to see that the tour notices; laid over the account's configuration. */
export const BREAKAGES = {
  'whatsapp-secret': { wasender: { webhookSecret: 'not-the-secret-of-the-session' } },
  'whatsapp-key': { wasender: { apiKey: 'not-the-key-of-the-session' } },
} as const
export type Breakage = keyof typeof BREAKAGES
