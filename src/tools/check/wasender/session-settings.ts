import type { AccountOptions } from '../../../config/schema.ts'
import type { Session } from '../../../platforms/wasender/session-schema.ts'
import type { AccountCheck } from '../account-context.ts'
import { type Finding, orOk, warning } from '../check.ts'
import { sessionOf } from './our-session.ts'

type Facts = { session: Session; options: AccountOptions; at: string }
type Rule = (facts: Facts) => Finding | undefined

/** With account protection one send per 5 s is allowed (docs/platforms/wasender.md#rate-limits). */
const PROTECTED_PACE_MS = 5000
const PAGE = 'on the page of the session in the WasenderAPI dashboard'

const RULES: readonly Rule[] = [
  ({ session }) =>
    session.readIncomingMessages === true
      ? warning(
          'session.reads_messages',
          'read_incoming_messages is on: customers see blue ticks before anybody has read.',
          `Switch it off ${PAGE}; the bridge marks messages as read when an agent replies.`,
        )
      : undefined,
  ({ session }) =>
    session.logMessages === false
      ? warning(
          'session.no_log',
          'log_messages is off: when an answer is lost, the bridge cannot look up whether a message was sent.',
          `Switch it on ${PAGE}.`,
        )
      : undefined,
  ({ session, options: { pace }, at }) =>
    session.accountProtection === true && pace !== 'auto' && pace < PROTECTED_PACE_MS
      ? warning(
          'session.pace',
          `account protection allows one message in 5 s, ${at}.options.pace asks for one in ${pace} ms: most are refused at first.`,
          `Set ${at}.options.pace to auto, or switch account protection off ${PAGE}.`,
        )
      : undefined,
  ({ session, options, at }) =>
    session.ignoreGroups === true && options.groups === 'bridge'
      ? warning(
          'session.ignores_groups',
          'ignore_groups is on, so no message of a group arrives.',
          `Switch it off ${PAGE}, or set ${at}.options.groups to ignore.`,
        )
      : undefined,
  ({ session, options, at }) =>
    session.ignoreChannels === true && options.channels === 'bridge'
      ? warning(
          'session.ignores_channels',
          'ignore_channels is on, so no post of a channel arrives.',
          `Switch it off ${PAGE}, or set ${at}.options.channels to ignore.`,
        )
      : undefined,
  ({ session }) =>
    session.ignoreBroadcasts === true
      ? warning(
          'session.ignores_broadcasts',
          'ignore_broadcasts is on, so nothing arrives that customers write to broadcast lists with our number in them.',
          `Switch it off ${PAGE}; the bridge leaves stories out by itself.`,
        )
      : undefined,
]

/** Settings that work against what the bridge does. */
export const sessionSettings: AccountCheck = {
  id: 'session.settings',
  title: 'Settings of the session',
  needs: ['session.ours'],
  async run(context) {
    const { account, at } = context
    const session = await sessionOf(context)
    return orOk(judgeSettings({ session, options: account.options, at }), describe(session))
  },
}

export const judgeSettings = (facts: Facts): Finding[] => RULES.flatMap((rule) => rule(facts) ?? [])

const describe = ({ accountProtection }: Session) =>
  accountProtection === true ? 'fine. Account protection is on: one message in 5 s.' : 'fine.'
