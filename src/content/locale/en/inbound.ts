import { inboundKinds } from './inbound-kinds.ts'
import { rich } from './inbound-rich.ts'
import { media } from './media.ts'

const moment = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** Words put into conversations for what customers send. */
export const inbound = {
  /** In place of a message that cannot be carried. `what` is already in words. */
  unsupported: (what: string) => `[${what}: not shown here, look at the phone]`,
  /** In place of something that was given up. `what` is already in words. */
  notShown: (what: string | undefined, at: number) =>
    `${what ?? 'A message'} from WhatsApp (${moment(at)}) could not be shown here. Look at the phone; an admin can try it again.`,
  /** Below what could be read of a message of an unknown kind. */
  partlyShown: (what: string) => `[${what}: there may be more on the phone]`,
  unknownKind: (node: string) => `Unknown kind of message (${node})`,
  kinds: inboundKinds,
  emptyMessage: 'Empty message',
  rich,
  /** Small print above a message. */
  marks: { edited: 'Edited', forwarded: 'Forwarded', viewOnce: 'View once' },
  /** Small print above what is old. Times are ms since 1970; nobody knows the reader's time zone. */
  written: {
    late: (at: number) => `Written on ${dateOf(at)}`,
    byCustomer: (at: number) => `Written by the customer on ${dateOf(at)}`,
    onPhone: (at: number) => `Written on the phone on ${dateOf(at)}`,
  },
  /** What stands above the quote of a message that is not in Chatwoot. */
  quote: {
    story: {
      ours: 'Reply to our story',
      theirs: 'Reply to their story',
      somebodys: 'Reply to a story',
    },
    media: media.kinds,
    /** Of which nothing can be read. */
    message: 'Message',
  },
  location: {
    place: 'Location',
    live: 'Live location',
    liveNote: 'Where they were when they sent it. Later positions are only on the phone.',
  },
  poll: {
    unnamed: 'Poll',
    one: 'Poll, one answer',
    anyNumber: 'Poll, any number of answers',
    results: 'Votes so far',
  },
  reaction: {
    given: (emoji: string) => `Reacted with ${emoji}`,
    removed: 'Removed the reaction',
    ourStory: (line: string) => `${line} (to our story)`,
    theirStory: (line: string) => `${line} (to their story)`,
  },
  /** Where a text was cut that is longer than Chatwoot shows. */
  longText: { mark: 'The text goes on: all of it is in the file.', fileName: 'message.txt' },
  editedToNothing: 'The text was removed.',
  encryptedEdit: 'Edited. What it says now is encrypted: look at the phone.',
  revoked: {
    byCustomer: 'This message was deleted by the customer.',
    onPhone: 'This message was deleted on the phone.',
  },
  call: {
    kinds: {
      voice: 'voice call',
      video: 'video call',
      'group-voice': 'group voice call',
      'group-video': 'group video call',
    },
    /** By the status under which a call is first heard of. */
    statuses: {
      timeout: (call: string) => `Missed ${call}`,
      reject: (call: string) => `Declined ${call}`,
      accept: (call: string) => `Answered ${call}`,
    } as Readonly<Record<string, (call: string) => string>>,
    other: (call: string) => `Incoming ${call}`,
  },
  /** What happened in a group. `names` are people, or what the group is called now. */
  system: {
    lines: {
      'group-created': (name: string) =>
        name === '' ? 'The group was created.' : `The group “${name}” was created.`,
      'group-subject': (name: string) => `The group is now called “${name}”.`,
      'group-description': () => 'The description of the group was changed.',
      'group-icon': () => 'The picture of the group was changed.',
      'group-invite-link': () => 'The invitation link of the group was changed.',
      'group-settings': (settings: string) => settings,
      'group-add': (names: string) => `Joined the group: ${names}`,
      'group-remove': (names: string) => `Is no longer in the group: ${names}`,
      'group-leave': (names: string) => `Left the group: ${names}`,
      'group-promote': (names: string) => `Is an admin of the group now: ${names}`,
      'group-demote': (names: string) => `Is no longer an admin of the group: ${names}`,
      'group-deleted': () => 'The group was closed.',
      'group-request': (names: string) => `Asks to join the group: ${names}`,
      'group-request-withdrawn': (names: string) => `No longer asks to join the group: ${names}`,
      'group-request-refused': (names: string) => `Was not let into the group: ${names}`,
      'member-label': (label: string) =>
        label === ''
          ? 'A member’s label in the group was removed.'
          : `A member’s label in the group is now “${label}”.`,
      'sharing-limited': () => 'Nothing of this chat can be handed on now (advanced chat privacy).',
      'sharing-allowed': () => 'What is in this chat can be handed on again.',
      'number-changed': (names: string) => `Changed the phone number: ${names}`,
    },
    settings: {
      'announce-on': 'Only admins of the group can write now.',
      'announce-off': 'Everyone in the group can write now.',
      'restrict-on': 'Only admins can change the group now.',
      'restrict-off': 'Everyone in the group can change it now.',
      'memberAdd-on': 'Everyone in the group can add members now.',
      'memberAdd-off': 'Only admins can add members now.',
      'joinApproval-on': 'Admins decide now who may join the group.',
      'joinApproval-off': 'Whoever has the link can join the group now.',
    } as Readonly<Record<string, string>>,
    /** `author` did what `line` says. */
    by: (line: string, author: string) => `${line} (by ${author})`,
  },
  ad: {
    heading: 'This customer came from an ad:',
    id: (id: string) => `Ad id: ${id}`,
    click: (id: string) => `Click id (ctwa_clid): ${id}`,
  },
}

function dateOf(at: number): string {
  const date = { day: 'numeric', month: 'long', year: 'numeric' } as const
  const time = { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' } as const
  const format = new Intl.DateTimeFormat('en-GB', { ...date, ...time })
  return `${format.format(at).replace(' at ', ', ')} UTC`
}
