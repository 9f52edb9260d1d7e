/** A small complete configuration for tests; `${…}` is taken from {@link MINIMAL_ENV}. */
export const MINIMAL_YAML = `
server:
  publicUrl: https://bridge.example.com/
accounts:
  - id: sales
    wasender:
      apiKey: \${KEY}
      webhookSecret: \${SECRET}
    chatwoot:
      baseUrl: https://chat.example.com
      accountId: 1
      inboxId: 3
      apiAccessToken: \${TOKEN}
      webhookSecret: \${INBOX_SECRET}
`

export const MINIMAL_ENV = {
  KEY: 'planted-api-key',
  SECRET: 'planted-webhook-secret',
  TOKEN: 'planted-access-token',
  INBOX_SECRET: 'planted-inbox-secret',
} as const
