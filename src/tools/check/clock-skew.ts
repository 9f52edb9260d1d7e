import type { AccountCheck } from './account-context.ts'
import { type Finding, failed, ok, skipped, warning } from './check.ts'

/** Milliseconds by which this machine is ahead of the clock of each platform. */
export type Skews = { wasender: number | undefined; chatwoot: number | undefined }

const NOTICEABLE_MS = 60_000
/** Signatures of Chatwoot that are older, or of the future, are refused (docs/platforms/chatwoot.md#signatures). */
const TOLERATED_MS = 300_000

/** Chatwoot signs the time along with each webhook. */
export const clockSkew: AccountCheck = {
  id: 'clock',
  title: 'Clock',
  async run({ wasender, chatwoot }) {
    await Promise.all([wasender.status(), chatwoot.version()])
    return [judgeSkew({ wasender: wasender.clock.aheadMs(), chatwoot: chatwoot.clock.aheadMs() })]
  },
}

export function judgeSkew(skews: Skews): Finding {
  const { wasender, chatwoot } = skews
  if (wasender === undefined && chatwoot === undefined) {
    return skipped('neither platform said what time it is')
  }
  if (chatwoot === undefined || Math.abs(chatwoot) < NOTICEABLE_MS) return judgeOurs(skews)
  const found = `this machine is ${describe(chatwoot)} Chatwoot's`
  const mend = `${whoseFault(skews)} Set it by NTP (timedatectl set-ntp true).`
  return Math.abs(chatwoot) >= TOLERATED_MS
    ? failed(
        'clock.signatures',
        `${found}; its webhooks are refused beyond 5 minutes, and agents see their messages fail.`,
        mend,
      )
    : warning('clock.skew', `${found}; from 5 minutes on its webhooks are refused.`, mend)
}

function judgeOurs({ wasender = 0 }: Skews): Finding {
  if (Math.abs(wasender) < NOTICEABLE_MS) return ok('agrees with the platforms.')
  return warning(
    'clock.skew',
    `this machine is ${describe(wasender)} WasenderAPI's.`,
    'Set the clock of this machine by NTP (timedatectl set-ntp true).',
  )
}

function describe(aheadMs: number): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1000)
  const span = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
  return `${span} ${aheadMs > 0 ? 'ahead of' : 'behind'}`
}

/** When WasenderAPI agrees with this machine it is Chatwoot's clock that is wrong. */
function whoseFault({ wasender }: Skews): string {
  return wasender !== undefined && Math.abs(wasender) < NOTICEABLE_MS
    ? 'The clock of the Chatwoot server is wrong.'
    : 'The clock of this machine is wrong.'
}
