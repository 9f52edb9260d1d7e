import type { CommandName } from '../../commands/command.ts'

/** How each command is written, and what it does. */
const usage: Readonly<Record<CommandName, { form: string; what: string }>> = {
  poll: { form: '!poll Question | A | B [| multi]', what: 'asks with 2 to 12 options' },
  location: { form: '!location 52.52,13.40 Name | Address', what: 'sends a place' },
  contact: { form: '!contact Name | +49…', what: 'sends a contact card' },
  edit: { form: '!edit new text', what: 'changes the quoted or the last message' },
  delete: { form: '!delete', what: 'deletes the quoted or the last message for everyone' },
  sticker: { form: '!sticker', what: 'sends the attached or quoted webp picture as a sticker' },
  block: { form: '!block', what: 'blocks this contact on WhatsApp' },
  unblock: { form: '!unblock', what: 'lifts the block' },
  status: { form: '!status', what: 'says how the WhatsApp connection is' },
  help: { form: '!help', what: 'shows this list' },
}

/** Answers to commands in private notes. */
export const commands = {
  usage,
  help: 'Commands in private notes:',
  /** One line of the list. The form goes between backticks. */
  line: (form: string, what: string) => `- \`${form}\` ${what}`,
  unknown: (nearest: string | undefined) =>
    nearest === undefined
      ? 'There is no such command. `!help` lists all. Nothing was sent.'
      : `There is no such command. Did you mean \`${nearest}\`? Nothing was sent.`,
  write: (form: string) => `Please write it like this: \`${form}\` Nothing was sent.`,
  sent: {
    poll: 'The poll was sent.',
    location: 'The place was sent.',
    contact: 'The contact card was sent.',
    sticker: 'The sticker was sent.',
  },
  edited: (text: string) => `Changed on WhatsApp. It says now:\n\n${text}`,
  deleted: 'Deleted on WhatsApp for everyone. Here it stays readable.',
  blocked: 'Blocked on WhatsApp: nothing this contact writes arrives any more.',
  unblocked: 'The block on WhatsApp is lifted.',
  status: (status: string) => `WhatsApp connection: **${status}**.`,
  statuses: {
    connected: 'connected',
    connecting: 'connecting',
    disconnected: 'not connected',
    need_scan: 'waiting for the QR code to be scanned',
    need_passkey: 'waiting for a passkey',
    logged_out: 'logged out',
    expired: 'expired',
    error: 'in error',
  } as Readonly<Record<string, string>>,
  chatBy: (address: string) => `This chat: ${address}.`,
  notAChat: 'This conversation is not with a WhatsApp number. Nothing was sent.',
  personsOnly: 'Only a single person can be blocked, not a group or a channel.',
  nothingToChange:
    'There is no message here that was sent through the bridge. Quote the one you mean.',
  onlyText: 'Only a single text message can be changed, no caption, file, poll or long text.',
  tooOldToEdit: 'WhatsApp allows changes in the first 15 minutes only.',
  noSticker:
    'Attach a webp picture of at most 100 kB to the note, or quote a message that has one.',
  failed: (why: string) => `That did not work. ${why}`,
}
