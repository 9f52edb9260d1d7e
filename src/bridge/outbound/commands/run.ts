import type { Account } from '../../../accounts/account.ts'
import type { OutEvent } from '../../events.ts'

/** A command in hand: whose it is and the private note it was written in. */
export type CommandRun = {
  account: Account
  event: OutEvent
  /** Failed attempts before this one. */
  attempts: number
}
