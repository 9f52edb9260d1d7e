import { readFileSync } from 'node:fs'
import { z } from 'zod'

const packageShape = z.object({ version: z.string() })

/** The release that runs, from package.json. */
export const VERSION: string = packageShape.parse(
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')),
).version

/** How the bridge introduces itself to the platforms: what stands before WasenderAPI refuses some default ones. */
export const USER_AGENT = `wasender-chatwoot/${VERSION}`
