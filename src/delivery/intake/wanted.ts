import type { Account } from '../../account.ts'
import type { Address } from '../../wasender/jid.ts'

type Choice = (options: Account['options']) => boolean

/** Which kinds of chat an account wants to see in Chatwoot. */
const WANTED: Readonly<Record<Address['kind'], Choice>> = {
  phone: () => true,
  lid: () => true,
  group: (options) => options.groups === 'bridge',
  newsletter: (options) => options.channels === 'bridge',
  status: (options) => options.channels === 'bridge',
  broadcast: (options) => options.channels === 'bridge',
}

/** Whether what happens in this chat is carried at all (options `groups` and `channels`). */
export function isWanted(account: Account, { kind }: Address): boolean {
  return WANTED[kind](account.options)
}
