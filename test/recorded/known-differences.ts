import type { RecordedVersion } from './recorded.ts'

type KnownDifference = {
  /** Which lines of `play`. */
  matches: RegExp
  reason: string
  /** All recorded releases when absent. */
  versions?: readonly RecordedVersion[]
}

/** Where the stand-in differs from the recorded Chatwoot, and why that is left so. */
const KNOWN: readonly KnownDifference[] = [
  {
    matches: /^webhooks of messages\.POST\.incoming\.control-chars: {2}→ message_created$/,
    reason:
      "A text that ends in U+FFFE makes Chatwoot's own listeners fail and start again later; the bridge sends none.",
  },
  {
    matches: /^webhook\.conversation_updated\.reopens\.2 changed_attributes\[\]\.cached_label_list/,
    reason:
      'Rails fills the cache of labels whenever it happens to load them; the bridge does not read it.',
  },
  {
    matches: /^webhook\.conversation_updated\.reopens waiting_since: never → number$/,
    reason: 'Chatwoot builds the first of two webhooks before or after the second save, by race.',
    versions: ['4.4.0'],
  },
  {
    matches: /^webhook\.conversation_status_changed\.muted .*sender\.blocked: true → false$/,
    reason: 'Chatwoot builds the webhook before or after the block is saved, by race.',
    versions: ['4.4.0'],
  },
  {
    matches: /^api\.inboxes\.PATCH\.message_templates working_hours\[\]\.closed_all_day/,
    reason: 'The inbox was closed for the whole week, by hand.',
    versions: ['4.15.1'],
  },
]

/** The same of the refused requests. */
const KNOWN_REFUSALS: readonly KnownDifference[] = [
  {
    matches: /^status\..* sender\.availability_status: "online" → "offline"$/,
    reason: 'Somebody had the dashboard open there; nobody has one here.',
    versions: ['4.15.1'],
  },
  {
    matches:
      /^contact_merge\.same additional_attributes\.(last_avatar_sync_at|avatar_url_hash): absent/,
    reason: 'Chatwoot fetches no picture from a private address, unless it is told to, as here.',
    versions: ['4.15.1'],
  },
]

export const knownDifferences = (version: RecordedVersion) => differencesOf(KNOWN, version)
export const knownRefusals = (version: RecordedVersion) => differencesOf(KNOWN_REFUSALS, version)

function differencesOf(known: readonly KnownDifference[], version: RecordedVersion) {
  return known.filter(({ versions }) => versions === undefined || versions.includes(version))
}

/** What no reason is known for, and the reasons that nothing has any more. */
export function unexplained(found: readonly string[], known: readonly KnownDifference[]) {
  return [
    ...found.filter((line) => !known.some(({ matches }) => matches.test(line))),
    ...known.filter(({ matches }) => !found.some((line) => matches.test(line))),
  ]
}

/** Recorded bodies that no step brings, and why. */
export const UNPLAYED: Readonly<Record<string, string>> = {
  'api.errors.bad-json': 'The client of these steps can send nothing but JSON.',
  'webhook.conversation_updated.labels.2': 'Listeners that failed for U+FFFE, started again later.',
  'webhook.message_created.incoming.unmuted':
    'Listeners that failed for U+FFFE, started again later.',
  ...byHand(
    'outgoing.agent-bot',
    'outgoing.automation',
    'outgoing.automation-attachment',
    'outgoing.macro',
    'private.macro-note',
    'template.csat',
    'template.greeting',
    'template.out-of-office',
  ),
}

function byHand(...names: string[]): Record<string, string> {
  const reason = 'Set up in Chatwoot by hand, which the stand-in has no routes for.'
  return Object.fromEntries(names.map((name) => [`webhook.message_created.${name}`, reason]))
}
