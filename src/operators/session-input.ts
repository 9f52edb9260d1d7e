import { z } from 'zod'
import type { NewSession, SessionSettings } from '../platforms/wasender/session-schema.ts'

const flag = z.boolean('expected true or false')
const words = z.string('expected a text').trim().min(1, 'expected a text')

const phoneNumber = z
  .string('expected a number such as +15550002222')
  .regex(/^\+[1-9]\d{6,14}$/, 'expected a number such as +15550002222')

const settings = z
  .strictObject({
    name: words,
    phoneNumber,
    accountProtection: flag,
    logMessages: flag,
    readIncomingMessages: flag,
    webhookUrl: z.url({ protocol: /^https?$/, error: 'expected an address' }),
    webhookEnabled: flag,
    webhookEvents: z.array(words, 'expected a list of event names'),
    autoRejectCalls: flag,
    ignoreGroups: flag,
    ignoreChannels: flag,
    ignoreBroadcasts: flag,
    alwaysOnline: flag,
    proxyUrl: words,
  })
  .partial()

/** What an admin can change of a session (docs/platforms/wasender.md#session-settings). */
export const sessionChanges = settings.transform(
  (given): Partial<SessionSettings> => withoutUndefined(given),
)

/** A new one needs a name and a number. Messages are logged, since that settles sends whose answer was lost. */
export const newSession = settings
  .extend({
    name: words,
    phoneNumber,
    accountProtection: flag.default(true),
    logMessages: flag.default(true),
  })
  .transform((given): NewSession => withoutUndefined(given))

type Given<T> = { [Name in keyof T]: Exclude<T[Name], undefined> }

function withoutUndefined<T extends object>(given: T): Given<T> {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Given<T>
}
