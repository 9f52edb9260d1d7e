import type { AccountConfig } from '../../config/schema.ts'
import { withoutEnd } from '../../kernel/without-end.ts'
import { webhookAddress } from '../../platforms/webhook-address.ts'

/** Where WasenderAPI may post for an account; the first is the one to set. */
export function wasenderUrls(publicUrl: string, { id }: Pick<AccountConfig, 'id'>): string[] {
  return [webhookAddress(publicUrl, 'wasender', id), `${publicUrl}/api/webhook`]
}

/** Where Chatwoot has to post: releases that do not sign their callbacks need the token in the path. */
export function chatwootUrls(
  publicUrl: string,
  { id, chatwoot: { webhookSecret, webhookToken } }: Pick<AccountConfig, 'id' | 'chatwoot'>,
): string[] {
  const plain = webhookAddress(publicUrl, 'chatwoot', id)
  return [
    ...(webhookSecret === undefined ? [] : [plain]),
    ...(webhookToken === undefined ? [] : [`${plain}/${webhookToken}`]),
  ]
}

/** Whether two addresses lead to the same place; slashes at the end do not count. */
export function isSameUrl(one: string, other: string): boolean {
  return normal(one) === normal(other)
}

function normal(address: string): string {
  const url = URL.parse(address)
  return url === null ? address : `${url.origin}${withoutEnd(url.pathname, '/')}${url.search}`
}

/**
 * An address fit for a screen. Paths of webhooks are secrets often enough, so only those that the bridge itself has
 * are shown, and of these not the token.
 */
export function showUrl(address: string): string {
  const url = URL.parse(address)
  if (url === null) return 'something that is no address'
  const path = url.pathname.replace(/(\/webhooks\/chatwoot\/[^/]+\/).+$/, '$1<webhookToken>')
  const isOurs = /\/(webhooks\/(wasender|chatwoot)\/[^/]+|api\/webhook)\b/.test(path)
  const shown = isOurs || path === '/' ? path.replace(/\/$/, '') : '/…'
  return `${url.origin}${shown}`
}
