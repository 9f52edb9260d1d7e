import { z } from 'zod'
import { isPrivateHost } from '../kernel/network-address.ts'
import { accountSchema } from './account-schema.ts'
import { choice, credential, expected, httpUrl, redisUrl, text, wholeNumber } from './values.ts'

/** Nobody guesses one of this length, however many guesses a second get through. */
export const SHORTEST_ADMIN_TOKEN = 20

const server = z
  .strictObject({
    host: text('an address to listen on').default('0.0.0.0').describe('Address to listen on'),
    port: wholeNumber(0, 65_535)
      .default(3000)
      .describe('Port to listen on; the variable PORT overrules it. 0 takes any free one'),
    publicUrl: httpUrl(expected('an address such as https://bridge.example.com')).describe(
      'How both platforms reach the bridge',
    ),
    adminToken: credential('a long random text')
      .optional()
      .describe('Token of the admin pages; without it /admin is off'),
    metricsToken: credential('a long random text')
      .optional()
      .describe('Bearer token of /metrics; without it /metrics is open'),
  })
  .superRefine(
    ({ adminToken, publicUrl }, context) => {
      const isShort = adminToken ? adminToken.length < SHORTEST_ADMIN_TOKEN : false
      if (!isShort || isPrivateHost(URL.parse(publicUrl)?.hostname ?? '') === true) return
      const message = `expected at least ${SHORTEST_ADMIN_TOKEN} characters, since everybody can reach publicUrl`
      context.addIssue({ code: 'custom', path: ['adminToken'], message })
    },
    // Also when the group has other mistakes, so that all problems come at once.
    { when: ({ value }) => hasTexts(value, ['adminToken', 'publicUrl']) },
  )

const redis = z.strictObject({
  url: redisUrl().describe('redis://, rediss:// or the path of a unix socket'),
})

const data = z.strictObject({
  dir: text('a folder')
    .default('./data')
    .describe("The bridge's own files and the private Redis's"),
  store: choice(['file', 'redis'])
    .default('file')
    .describe('file: lowdb files, one process; redis: several bridge processes share one Redis'),
})

function hasTexts(group: unknown, keys: readonly string[]): boolean {
  if (typeof group !== 'object' || group === null) return false
  return keys.every((key) => typeof Reflect.get(group, key) === 'string')
}

type WithId = { id?: unknown } | undefined

/** Indexes of accounts whose id stands in an earlier one too. */
function repeatedIds(accounts: readonly WithId[]): number[] {
  const ids = accounts.map((account) => account?.id)
  return ids.flatMap((id, index) =>
    typeof id === 'string' && ids.indexOf(id) < index ? [index] : [],
  )
}

/** The whole file `config/bridge.yaml`. Unknown keys are errors. */
export const bridgeConfigSchema = z.strictObject({
  server: server.describe('The HTTP side of the bridge'),
  redis: redis
    .optional()
    .describe('Leave it out and the bridge runs a private redis-server of its own'),
  data: data.prefault({}).describe('What is kept on disk'),
  accounts: z
    .array(accountSchema, expected('a list of accounts'))
    .min(1, 'expected at least one account')
    .superRefine(
      (accounts, context) => {
        for (const index of repeatedIds(accounts))
          context.addIssue({ code: 'custom', path: [index, 'id'], message: 'is used twice' })
      },
      // Also when accounts have other mistakes, so that all problems come at once.
      { when: ({ value }) => Array.isArray(value) },
    )
    .describe('One entry per WhatsApp session'),
})

/** The checked configuration: durations in milliseconds, sizes in bytes, ids branded. */
export type BridgeConfig = z.output<typeof bridgeConfigSchema>
/** One entry of `accounts`. */
export type AccountConfig = BridgeConfig['accounts'][number]
/** `accounts[].options` with every default filled in. */
export type AccountOptions = AccountConfig['options']
