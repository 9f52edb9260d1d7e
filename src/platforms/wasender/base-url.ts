import { ConfigError } from '../../kernel/errors.ts'

/** Where the documented API lives (docs/platforms/wasender.md#base-url). */
export const DEFAULT_BASE_URL = 'https://www.wasenderapi.com/api'

export type CorrectedBaseUrl = {
  /** Absolute, without a trailing slash, ending in `/api`. */
  baseUrl: string
  /** What was changed or is better changed in the configuration, as a sentence for the operator. */
  warning?: string
}

const VENDOR_HOST = /^(www\.)?wasenderapi\.com$/
const LOCAL_HOST = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?(\/|$)/i
/**
 * First path segment of pages people copy from the browser: the dashboard and the documentation.
 */
const PAGES = new Set(['whatsapp', 'api-docs', 'dashboard', 'login'])

/**
 * Makes an API base of what operators paste as one: a bare host, the dashboard's `/whatsapp` page,
 * a single endpoint, a missing scheme (docs/platforms/wasender.md#base-url). A prefix of a reverse proxy is
 * kept.
 *
 * @throws {ConfigError} `wasender.base_url` when it cannot be read as an http or https address.
 */
export function correctBaseUrl(input: string): CorrectedBaseUrl {
  const typed = input.trim()
  const url = parse(typed)
  if (VENDOR_HOST.test(url.hostname)) url.protocol = 'https:'
  const baseUrl = `${url.origin}${apiPath(url.pathname)}`
  const notes = [
    ...(baseUrl === typed ? [] : [`The base URL was corrected to ${baseUrl}.`]),
    // The bare domain may redirect, and a redirect is refused because it could drop the token.
    ...(url.hostname === 'wasenderapi.com' ? [`${DEFAULT_BASE_URL} is the safer spelling.`] : []),
  ]
  return notes.length === 0 ? { baseUrl } : { baseUrl, warning: notes.join(' ') }
}

function parse(typed: string): URL {
  const url = URL.parse(withScheme(typed))
  if (url !== null && url.hostname !== '' && /^https?:$/.test(url.protocol)) return url
  // The value itself is left out: it may be a key that was put into the wrong line.
  throw new ConfigError(
    `wasender.baseUrl has to be an http or https address such as ${DEFAULT_BASE_URL}.`,
    { code: 'wasender.base_url' },
  )
}

function withScheme(typed: string): string {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(typed)) return typed
  const rest = typed.replace(/^\/+/, '')
  return `${LOCAL_HOST.test(rest) ? 'http' : 'https'}://${rest}`
}

/** Everything up to and with the segment `api`; pages of the website are no prefix of anything. */
function apiPath(pathname: string): string {
  const segments = pathname.split('/').filter((segment) => segment !== '')
  if (PAGES.has(segments[0] ?? '')) return '/api'
  const api = segments.indexOf('api')
  const prefix = api === -1 ? segments : segments.slice(0, api)
  return `/${[...prefix, 'api'].join('/')}`
}
