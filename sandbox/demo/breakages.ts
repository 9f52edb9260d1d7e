/** The bridge would find out the right ones with it, and mend itself. */
const NO_TOKEN = { personalAccessToken: undefined, sessionId: undefined }

/** What can be broken on purpose, to see that the tour notices; laid over the account's configuration. */
export const BREAKAGES = {
  'whatsapp-secret': { wasender: { ...NO_TOKEN, webhookSecret: 'not-the-secret-of-the-session' } },
  'whatsapp-key': { wasender: { ...NO_TOKEN, apiKey: 'not-the-key-of-the-session' } },
} as const
export type Breakage = keyof typeof BREAKAGES
