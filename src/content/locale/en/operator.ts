import type { OperatorCommand } from '../../commands/operator-command.ts'

/** Hours and minutes, and the day, for people anywhere. */
const moment = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

const messages = (count: number) => (count === 1 ? '1 message' : `${count} messages`)

/** How each command is written, and what it does. */
const usage: Readonly<Record<OperatorCommand, { form: string; what: string }>> = {
  status: { form: '!status', what: 'says how the WhatsApp connection is and what waits' },
  qr: { form: '!qr', what: 'shows the QR code to link the phone' },
  connect: { form: '!connect', what: 'connects WhatsApp' },
  disconnect: { form: '!disconnect', what: 'disconnects WhatsApp' },
  restart: { form: '!restart', what: 'restarts the connection' },
  failures: { form: '!failures', what: 'lists what could not be delivered' },
  retry: { form: '!retry all', what: 'tries all of that again' },
  help: { form: '!help', what: 'shows this list' },
}

const onPhone = 'What customers wrote and does not appear here is on the phone.'

/** What the bridge does by itself then, and what is left to people; by where it keeps what it knows. */
const afterLoss = {
  file: `What agents wrote is found and sent. ${onPhone}`,
  redis: `It does not know any more what it has sent, so what agents wrote before is not sent by itself: look on the phone whether it was. What still waited is shown as failed. ${onPhone}`,
} as const

/** The operator's conversation: news of the WhatsApp connection, and answers to commands. */
export const operator = {
  usage,
  /** The contact's name. */
  contact: 'WhatsApp connection',
  purpose:
    'This conversation is with the WhatsApp connection itself: it tells how the connection is, and takes commands. `!help` lists them. Nothing written here is sent to anybody.',
  help: 'Commands here, as a message or a private note:',
  session: {
    connected: 'WhatsApp is connected.',
    connecting: 'WhatsApp is still connecting. What agents write waits until it is done.',
    disconnected:
      'WhatsApp is disconnected. What agents write waits and goes out when it is back. `!connect` connects it.',
    need_scan:
      'WhatsApp waits for its QR code to be scanned. What agents write waits until then. `!qr` shows the code.',
    need_passkey:
      'WhatsApp waits for a passkey. Finish linking in the WasenderAPI dashboard. What agents write waits until then.',
    logged_out:
      'WhatsApp is logged out: the phone has unlinked this connection. What agents write waits. `!connect` starts linking it again.',
    expired:
      'The WhatsApp connection has expired. What agents write waits. `!connect` starts it again.',
    error:
      'The WhatsApp connection is in error. What agents write waits. `!restart` or the WasenderAPI dashboard may help.',
  } as Readonly<Record<string, string>>,
  unknownSession: (status: string) =>
    `The WhatsApp connection is in a state the bridge does not know: ${status.replace('unknown:', '')}.`,
  qr: 'Scan this code with the phone: WhatsApp, Settings, Linked devices, Link a device. It is valid for about 45 seconds, then the next one takes its place.',
  qrPaused: 'Nobody scanned the code, so no more are shown. `!qr` shows a new one.',
  backlog: {
    in: (count: number, since: number) =>
      `${messages(count)} from WhatsApp wait to be shown here, the oldest since ${moment(since)}.`,
    out: (count: number, since: number) =>
      `${messages(count)} to WhatsApp wait to be sent, the oldest since ${moment(since)}.`,
  },
  backlogOver: {
    in: 'Messages from WhatsApp arrive again without delay.',
    out: 'Messages to WhatsApp go out again without delay.',
  },
  failures: (count: number, reason: string) =>
    `${messages(count)} could not be delivered. The last reason: ${reason}\n\n\`!failures\` lists them, \`!retry all\` tries them again.`,
  limitOver: 'New chats pass again: the limit of WhatsApp on this account is over.',
  redisLost: {
    all: (at: number, remembers: 'file' | 'redis') =>
      `The bridge’s Redis was found empty at ${moment(at)}: messages that waited in it are gone. ${afterLoss[remembers]}`,
    some: (at: number, remembers: 'file' | 'redis') =>
      `The bridge’s Redis was found in an older state at ${moment(at)}: messages that came in after that are gone. ${afterLoss[remembers]}`,
  },
  needed: (reason: string) => `The bridge needs somebody to act. ${reason}`,
  status: (status: string, phone: string | null) =>
    phone === null
      ? `WhatsApp connection: **${status}**.`
      : `WhatsApp connection: **${status}**, as ${phone}.`,
  waiting: (inbound: number, outbound: number) =>
    `Waiting: ${inbound} from WhatsApp, ${outbound} to WhatsApp.`,
  failed: (count: number) => `Not delivered: ${count}.`,
  noFailures: 'Everything was delivered.',
  failureLine: (direction: 'in' | 'out' | 'status', at: number, reason: string) =>
    `- ${moment(at)}, ${{ in: 'from WhatsApp', out: 'to WhatsApp', status: 'a status' }[direction]}: ${reason}`,
  moreFailures: (count: number) => `… and ${count} more.`,
  retried: (count: number) => `${messages(count)} will be tried again now.`,
  connected: 'WhatsApp is connected already.',
  connecting: 'WhatsApp is being connected.',
  scan: 'The QR code follows here.',
  passkey: 'WhatsApp asks for a passkey. Finish linking in the WasenderAPI dashboard.',
  state: (status: string) => `The connection is now: **${status}**.`,
  disconnected: 'WhatsApp is disconnected. What agents write waits until it is connected again.',
  restarted: 'The connection is being restarted.',
  didNotWork: (why: string) => `That did not work. ${why}`,
}
