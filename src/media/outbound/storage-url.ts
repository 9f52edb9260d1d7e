/** Where Rails serves stored files. */
const STORAGE_PATH = '/rails/active_storage/'

/**
 * The address to fetch a file of Chatwoot from. Chatwoot writes its `FRONTEND_URL` into it, which may be wrong or for
 * browsers only (docs/platforms/chatwoot.md#attachments); the API is known to answer at the configured address, and it
 * is the same server.
 */
export function storageUrl(dataUrl: string, chatwootBaseUrl: string): string {
  const url = URL.parse(dataUrl)
  const base = URL.parse(chatwootBaseUrl)
  if (url === null || base === null || !url.pathname.includes(STORAGE_PATH)) return dataUrl
  return `${base.origin}${url.pathname}${url.search}`
}
