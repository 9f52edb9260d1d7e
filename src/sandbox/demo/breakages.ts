/** What can be broken on purpose, to see that the tour notices; laid over the account's configuration. */
export const BREAKAGES = {
  'whatsapp-secret': { wasender: { webhookSecret: 'not-the-secret-of-the-session' } },
  'chatwoot-secret': { chatwoot: { webhookSecret: 'not-the-secret-of-the-inbox' } },
} as const
export type Breakage = keyof typeof BREAKAGES
