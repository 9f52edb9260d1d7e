import { z } from 'zod'
import { credential, expected, httpUrl, redisUrl, text } from '../../config/values.ts'

/** One thing `setup` has to know. */
export type Question = {
  /** As commander writes flags. */
  flag: string
  /** Takes the place of the flag, so that a secret need not be in the shell's history. */
  variable: string
  /** What it is, for `--help`, for errors and for the person at the terminal. */
  what: string
  secret?: true
  /** Checks and completes the text that was given. */
  shape: z.ZodType<string>
}

const digits = (what: string) =>
  z
    .string()
    .regex(/^0*[1-9]\d{0,14}$/, expected(what))
    .transform((given) => String(Number(given)))

/** E.164, with the spaces people write left out. */
const phone = z
  .string()
  .transform((given) => given.replace(/[\s().-]/g, ''))
  .pipe(z.string().regex(/^\+[1-9]\d{6,14}$/, expected('a number such as +15550001111')))

/** Everything `setup` may ask, in the order of the flags in its help. */
export const QUESTIONS = {
  account: {
    flag: '--account <id>',
    variable: 'SETUP_ACCOUNT',
    what: 'short name of this WhatsApp account, part of the webhook addresses',
    shape: z.string().regex(/^[a-z0-9-]+$/, expected('small letters, digits and "-", like sales')),
  },
  publicUrl: {
    flag: '--public-url <url>',
    variable: 'SETUP_PUBLIC_URL',
    what: 'address at which both platforms reach the bridge',
    shape: httpUrl(expected('an address such as https://bridge.example.com')),
  },
  redisUrl: {
    flag: '--redis-url <url>',
    variable: 'REDIS_URL',
    what: 'your own Redis; without it a new configuration runs a private one',
    secret: true,
    shape: redisUrl(),
  },
  chatwootUrl: {
    flag: '--chatwoot-url <url>',
    variable: 'SETUP_CHATWOOT_URL',
    what: 'address of Chatwoot',
    shape: httpUrl(),
  },
  chatwootToken: {
    flag: '--chatwoot-token <token>',
    variable: 'SETUP_CHATWOOT_TOKEN',
    what: "access token of a Chatwoot administrator, from that user's profile settings",
    secret: true,
    shape: credential('an access token'),
  },
  chatwootAccount: {
    flag: '--chatwoot-account <number>',
    variable: 'SETUP_CHATWOOT_ACCOUNT',
    what: 'number of the Chatwoot account',
    shape: digits('the number after /app/accounts/ in the address of Chatwoot'),
  },
  inbox: {
    flag: '--inbox <id-or-new>',
    variable: 'SETUP_INBOX',
    what: 'number of the API inbox to take over, or "new"',
    shape: z.string().regex(/^(new|[1-9]\d*)$/, expected('the number of an inbox, or "new"')),
  },
  inboxName: {
    flag: '--inbox-name <name>',
    variable: 'SETUP_INBOX_NAME',
    what: 'name of a new inbox',
    shape: text('a name'),
  },
  agents: {
    flag: '--agents <who>',
    variable: 'SETUP_AGENTS',
    what: 'who works in the inbox: all, none, or e-mail addresses with commas between them',
    shape: text('all, none, or e-mail addresses'),
  },
  wasenderUrl: {
    flag: '--wasender-url <url>',
    variable: 'SETUP_WASENDER_URL',
    what: 'address of WasenderAPI, when it is another than usual',
    shape: text('an address'),
  },
  wasenderToken: {
    flag: '--wasender-token <token>',
    variable: 'SETUP_WASENDER_TOKEN',
    what: 'personal access token of WasenderAPI (Settings, Personal Access Token)',
    secret: true,
    shape: credential('a personal access token'),
  },
  session: {
    flag: '--session <id-or-new>',
    variable: 'SETUP_SESSION',
    what: 'number of the WhatsApp session to take over, or "new"',
    shape: z.string().regex(/^(new|[1-9]\d*)$/, expected('the number of a session, or "new"')),
  },
  sessionName: {
    flag: '--session-name <name>',
    variable: 'SETUP_SESSION_NAME',
    what: 'name of a new session',
    shape: text('a name'),
  },
  phone: {
    flag: '--phone <number>',
    variable: 'SETUP_PHONE',
    what: 'WhatsApp number of a new session, with + and country code',
    shape: phone,
  },
  apiKey: {
    flag: '--api-key <key>',
    variable: 'SETUP_API_KEY',
    what: "the session's API key, when there is no personal access token",
    secret: true,
    shape: credential('an API key'),
  },
  webhookSecret: {
    flag: '--webhook-secret <secret>',
    variable: 'SETUP_WEBHOOK_SECRET',
    what: "the session's webhook secret, beside the API key",
    secret: true,
    shape: credential('a webhook secret'),
  },
} as const satisfies Record<string, Question>

export type QuestionName = keyof typeof QUESTIONS

/** What flags brought, by the name of the question. */
export type Given = Partial<Record<QuestionName, string>>
