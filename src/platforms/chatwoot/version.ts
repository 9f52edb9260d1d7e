/** A Chatwoot release. `suffix` is what forks and pre-releases append, without its separator. */
export type ChatwootVersion = {
  raw: string
  major: number
  minor: number
  patch: number
  suffix?: string
}

/** A behaviour that depends on the release. */
export type Feature = keyof typeof FEATURES

/** From release `since` on, up to but not including `until` (docs/platforms/chatwoot.md#versions). */
type Span = { since: string; until?: string }

const FEATURES = {
  /** `PATCH messages/{id}` with a status. */
  statusPatch: { since: '4.2.0' },
  /** Webhooks about typing, with `is_private`. */
  typingWebhooks: { since: '4.2.0' },
  /** Typed line breaks reach webhooks as a backslash and a newline. */
  backslashNewlines: { since: '4.9.0', until: '4.13.0' },
  /** `content_attributes.external_echo` shows a bubble as sent from the native app. */
  externalEcho: { since: '4.11.0' },
  /** `meta.has_more` in the contact search. */
  searchHasMore: { since: '4.11.0' },
  /** `delivered` is shown as two grey ticks; before it was a spinning clock. */
  deliveredStatus: { since: '4.12.0' },
  /** Account webhooks are signed and deliveries carry an id. */
  signedAccountWebhooks: { since: '4.12.0' },
  /** Inbox callbacks are signed and the inbox shows its secret. */
  signedInboxWebhooks: { since: '4.13.0' },
  /** Attachments of webhooks carry `content_type` and a filled `extension`. */
  attachmentTypes: { since: '4.13.0' },
  /** Callbacks to private addresses are refused unless the operator allows them. */
  refusesPrivateHosts: { since: '4.14.0' },
  /** `is_voice_message` on create. */
  voiceFlag: { since: '4.14.2' },
  /** Conversation and typing webhooks carry the account. */
  accountInConversation: { since: '4.14.2' },
  /** Conversation attributes can be merged instead of replaced. */
  mergesCustomAttributes: { since: '4.17.0' },
} as const satisfies Record<string, Span>

/**
 * Reads `4.16.2`, `v4.17`, `4.18.0.rc1` and forks such as `4.9.1-fork.3`; undefined for anything
 * else.
 */
export function parseVersion(raw: string): ChatwootVersion | undefined {
  const match = /^v?(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:[-+._ ]?([0-9A-Za-z].*))?$/.exec(
    raw.trim(),
  )
  if (match === null) return undefined
  const [, major, minor, patch, suffix] = match
  return {
    raw,
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch ?? 0),
    ...(suffix === undefined ? {} : { suffix }),
  }
}

/** Negative when `a` is the older release. Suffixes do not count: a fork behaves like its base. */
export function compareVersions(a: ChatwootVersion, b: ChatwootVersion): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch
}

/**
 * What a release can do. An unreadable version counts as the newest, since forks follow upstream.
 */
export function supports(version: ChatwootVersion | undefined): Record<Feature, boolean> {
  const entries = Object.entries<Span>(FEATURES).map(([feature, span]) => [
    feature,
    isWithin(version, span),
  ])
  return Object.fromEntries(entries) as Record<Feature, boolean>
}

function isWithin(version: ChatwootVersion | undefined, { since, until }: Span): boolean {
  if (version === undefined) return until === undefined
  return isAtLeast(version, since) && (until === undefined || !isAtLeast(version, until))
}

function isAtLeast(version: ChatwootVersion, release: string): boolean {
  const other = parseVersion(release)
  return other !== undefined && compareVersions(version, other) >= 0
}
