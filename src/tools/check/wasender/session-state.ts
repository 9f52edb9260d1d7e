import type {
  KnownSessionStatus,
  SessionStatus,
} from '../../../platforms/wasender/session-status.ts'
import type { AccountCheck } from '../account-context.ts'
import { type Finding, failed, type Outcome, ok, warning } from '../check.ts'

/** Whether WhatsApp is linked. Only a connected session sends and receives. */
export const sessionState: AccountCheck = {
  id: 'session',
  title: 'WhatsApp session',
  needs: ['wasender.api_key'],
  async run({ wasender, account }) {
    const hasToken = account.wasender.personalAccessToken !== undefined
    return [judgeStatus(statusIn(await wasender.status()), { account: account.id, hasToken })]
  },
}

function statusIn(outcome: Outcome<SessionStatus>): SessionStatus {
  if (outcome.ok) return outcome.value
  if (outcome.error.code === 'wasender.not_connected') return 'disconnected'
  throw outcome.error
}

type Who = { account: string; hasToken: boolean }
type Judge = (who: Who) => Finding

/** What to run with a personal access token, what to press in the dashboard without. */
const byHand = (command: string, button: string) => (who: Who) =>
  who.hasToken
    ? `Run "wasender-chatwoot sessions ${command} --account ${who.account}".`
    : `${button} on the page of the session in the WasenderAPI dashboard.`

const connect = byHand('connect', 'Press Connect')
const scan = byHand('qr', 'Scan the QR code')
const PHONE = 'On the phone: WhatsApp, Linked devices, Link a device.'

/** What each state asks of the operator (docs/platforms/wasender.md#session-states). */
const BY_STATUS: Readonly<Record<KnownSessionStatus, Judge>> = {
  connected: () => ok('connected.'),
  connecting: () =>
    warning(
      'session.connecting',
      'it is connecting.',
      'Check again in a minute. If it stays so, look whether the phone is online.',
    ),
  disconnected: (who) => failed('session.disconnected', 'it is disconnected.', connect(who)),
  need_scan: (who) =>
    failed('session.need_scan', 'it waits for its QR code to be scanned.', `${scan(who)} ${PHONE}`),
  need_passkey: () =>
    failed(
      'session.need_passkey',
      'it waits for a passkey.',
      'Finish linking in the WasenderAPI dashboard, or connect again by QR code.',
    ),
  logged_out: (who) =>
    failed(
      'session.logged_out',
      'it was logged out: unlinked on the phone, or banned by WhatsApp.',
      `${connect(who)} Then scan the QR code. ${PHONE}`,
    ),
  expired: (who) =>
    failed(
      'session.expired',
      'it has expired: nobody scanned its QR code, or the subscription has ended.',
      `${connect(who)} If that is refused, renew the subscription in the WasenderAPI dashboard.`,
    ),
  error: (who) =>
    failed(
      'session.error',
      'WasenderAPI reports an error with it.',
      `${connect(who)} The log of the session in the WasenderAPI dashboard says more.`,
    ),
}

export function judgeStatus(status: SessionStatus, who: Who): Finding {
  const known: Readonly<Record<string, Judge | undefined>> = BY_STATUS
  const judge = known[status]
  if (judge !== undefined) return judge(who)
  return warning(
    'session.unknown',
    `WasenderAPI says "${status.replace(/^unknown:/, '')}", which is a new state.`,
    'Look at the page of the session in the WasenderAPI dashboard.',
  )
}
