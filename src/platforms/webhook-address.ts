import type { AccountId } from '../kernel/ids.ts'

/**
 * Where a platform posts for an account, below `server.publicUrl`. That address may have a path, which the
 * proxy in front takes away again.
 */
export function webhookAddress(
  publicUrl: string,
  platform: 'wasender' | 'chatwoot',
  account: AccountId,
): string {
  return `${publicUrl}/webhooks/${platform}/${account}`
}
