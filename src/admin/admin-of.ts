import type { Account } from '../account.ts'
import type { BridgeConfig } from '../config/schema.ts'
import type { Delivery } from '../delivery/delivery.ts'
import { type Admin, type AdminOptions, createAdmin } from './admin.ts'

type Rest = Pick<
  AdminOptions,
  | 'ended'
  | 'onRefused'
  | 'sessions'
  | 'traffic'
  | 'imports'
  | 'forget'
  | 'listSetAside'
  | 'checks'
  | 'clock'
  | 'onError'
>

/** Makes what is below `/admin`; nothing without an admin token. */
export function adminOf(
  { server }: Pick<BridgeConfig, 'server'>,
  rest: Rest & { accounts: readonly Account[]; delivery: Delivery },
): Admin | undefined {
  const { adminToken: token, publicUrl } = server
  if (token === undefined) return undefined
  const { delivery, ...others } = rest
  return createAdmin({
    ...others,
    ...delivery,
    token,
    publicUrl,
    waiting: delivery.lanes.waiting,
  })
}
