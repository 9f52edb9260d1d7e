import { z } from 'zod'
import { type AccountId, asId, type InboxId } from '../kernel/ids.ts'
import { DEFAULT_BASE_URL } from '../platforms/wasender/base-url.ts'
import { optionsSchema } from './options-schema.ts'
import { choice, credential, expected, httpUrl, text, wholeNumber } from './values.ts'

/** Whether a group has a key; the group may still be anything. */
function has(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && Reflect.get(value, key) !== undefined
}

/** Refinements run on any group, also on one with other mistakes, so that all problems come at once. */
const anyGroup = ({ value }: { readonly value: unknown }): boolean =>
  typeof value === 'object' && value !== null

const wasender = z
  .strictObject({
    baseUrl: text('the address of the API')
      .default(DEFAULT_BASE_URL)
      .describe("Address of the API; a bare host or the dashboard's page is corrected"),
    apiKey: credential("the session's API key").describe("The session's API key"),
    webhookSecret: credential("the session's webhook secret").describe(
      'Compared with the header X-Webhook-Signature',
    ),
    personalAccessToken: credential('a personal access token')
      .optional()
      .describe('For session management (connect, disconnect, QR); optional'),
    sessionId: wholeNumber(1)
      .optional()
      .describe('Which session, when the token is given; found by the API key otherwise'),
    routes: choice(['auto', 'unified', 'per-type'])
      .default('auto')
      .describe(
        'Spelling of the send routes: /send-message (unified), one per kind (per-type), or find out',
      ),
  })
  .refine((value) => !has(value, 'sessionId') || has(value, 'personalAccessToken'), {
    path: ['sessionId'],
    error: 'needs personalAccessToken beside it',
    when: anyGroup,
  })

const chatwoot = z
  .strictObject({
    baseUrl: httpUrl().describe('Address of Chatwoot'),
    formerBaseUrl: httpUrl()
      .optional()
      .describe('The address this same Chatwoot had before; only when it has moved'),
    accountId: wholeNumber(1).describe('Number after /app/accounts/ in the address of Chatwoot'),
    inboxId: wholeNumber(1)
      .transform((value) => asId<InboxId>(value))
      .describe('Number of the API inbox'),
    apiAccessToken: credential('an access token').describe(
      'Access token of an administrator or agent of the inbox',
    ),
    webhookSecret: credential("the inbox's secret")
      .optional()
      .describe('The inbox\'s "secret" (Chatwoot 4.13 and newer)'),
    webhookToken: credential('a token')
      .regex(/^[\w.~-]+$/, expected('letters, digits, ".", "_", "~" and "-" only'))
      .optional()
      .describe('For older Chatwoot: last segment of the webhook URL'),
  })
  .refine((value) => has(value, 'webhookSecret') || has(value, 'webhookToken'), {
    path: ['webhookSecret'],
    error: 'is missing; one of webhookSecret and webhookToken is required',
    when: anyGroup,
  })

/** One entry of `accounts`: a WhatsApp session and the Chatwoot inbox it belongs to. */
export const accountSchema = z.strictObject({
  id: z
    .string(expected('an id such as sales'))
    .regex(/^[a-z0-9-]+$/, expected('small letters, digits and "-" only, such as sales-2'))
    .transform((value) => asId<AccountId>(value))
    .describe('Unique; small letters, digits and "-". It appears in the webhook URLs'),
  wasender: wasender.describe('The WhatsApp side'),
  chatwoot: chatwoot.describe('The helpdesk side'),
  options: optionsSchema.prefault({}).describe('How the bridge behaves; all optional'),
})
