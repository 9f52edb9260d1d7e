import { z } from 'zod'
import { type Profile, profileSchema } from '../shapes/agent.ts'
import { type ChatwootVersion, parseVersion } from '../version.ts'
import type { Api } from './api.ts'

export type ServerInfo = {
  /** As the server writes it. */
  raw: string
  /** Undefined when `raw` is no version number. */
  version: ChatwootVersion | undefined
  /** Sidekiq's Redis and the database as the server sees them. */
  queueServices: 'ok' | 'failing' | undefined
  dataServices: 'ok' | 'failing' | undefined
}

const health = z.enum(['ok', 'failing']).optional().catch(undefined)

const serverInfo = z
  .object({ version: z.string(), queue_services: health, data_services: health })
  .transform(
    (raw): ServerInfo => ({
      raw: raw.version,
      version: parseVersion(raw.version),
      queueServices: raw.queue_services,
      dataServices: raw.data_services,
    }),
  )

/** `data` wraps the profile in the answers of a sign-in (docs/platforms/chatwoot.md#profile-and-account). */
const profile = z.union([
  profileSchema,
  z.object({ data: profileSchema }).transform(({ data }) => data),
])

/** What the server says about itself and about the token. */
export function createServer(api: Api) {
  return {
    /** Works without a token, so it tells a wrong address from a wrong token. */
    version: (): Promise<ServerInfo> =>
      api.request(
        { operation: 'get-version', method: 'get', path: 'api', root: true, effect: 'repeatable' },
        serverInfo,
      ),

    /** Whose token it is, and that user's role in each account. */
    profile: (): Promise<Profile> =>
      api.request(
        {
          operation: 'get-profile',
          method: 'get',
          path: 'api/v1/profile',
          root: true,
          effect: 'repeatable',
        },
        profile,
      ),
  }
}
