import type { Account } from '../accounts/account.ts'
import type { LimitCode } from '../accounts/limits.ts'
import type { AccountId } from '../kernel/ids.ts'

/** Messages on their way from WhatsApp, or to it. */
export type BacklogDirection = 'in' | 'out'

/** Something the operators are to know. It waits in a lane, so nothing secret may be in it: no QR code. */
export type OperatorNews =
  /** The session's state changed; worth a line once it stays like that. */
  | { is: 'heard'; status: string }
  /** The session has come to rest in this state, or the bridge started with it. */
  | { is: 'session'; status: string; at: number }
  /** There is a QR code to be scanned. */
  | { is: 'qr'; at: number }
  /** The QR code, if one is shown, opens nothing any more. */
  | { is: 'qr-over' }
  /** The oldest message of a direction has waited for too long. `since`: when it came; names the backlog. */
  | { is: 'backlog'; direction: BacklogDirection; since: number; count: number }
  | { is: 'backlog-over'; direction: BacklogDirection; since: number }
  /** There are more dead letters than were told of. `newest` names the last of them. */
  | { is: 'failures'; count: number; newest: string; reason: string }
  /** WhatsApp has put a limit on the account, or it is over. `since`: when it was met first; names it. */
  | { is: 'limit'; code: LimitCode; since: number }
  | { is: 'limit-over'; code: LimitCode; since: number }
  /** Redis has lost what it held. `id` names the loss, `remembers` where the bridge keeps what it knows. */
  | { is: 'redis-lost'; id: string; what: 'all' | 'some'; remembers: 'file' | 'redis'; at: number }
  /** A person has to act before anything goes on: a rotated key, an ended subscription. */
  | { is: 'needed'; code: string; reason: string; at: number }

export type NewsOf<Is extends OperatorNews['is']> = Extract<OperatorNews, { is: Is }>

/** News while they wait in a lane. */
export type OperatorEvent = { type: 'operator'; news: OperatorNews }

/** What the bridge calls when there is something to tell its operators. */
export type TellOperator = {
  /** A webhook told of the session's state. Never rejects: it is found out again later. */
  sessionChanged(account: Account, status: string): void
  /** There is a new QR code in memory. Never rejects: the next code comes soon. */
  codeChanged(account: Account): void
  /** Something failed: worth a line when a person has to act. */
  attemptFailed(account: AccountId, error: unknown): void
  /** Writes the news that wait in a `status` lane. */
  handle(account: Account, event: OperatorEvent): Promise<void>
}
