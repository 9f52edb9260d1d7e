import { z } from 'zod'
import { choice, duration, expected, onOff, size, wholeNumber } from './values.ts'

const pace = z.union([z.literal('auto'), wholeNumber(0)], expected('auto or milliseconds'))

const media = z.strictObject({
  via: choice(['upload', 'link'])
    .default('upload')
    .describe("upload: stream files through WasenderAPI's /upload; link: hand over Chatwoot's URL"),
  maxBytes: size().prefault('100MB').describe('Larger files are failed with the reason'),
})

const catchUp = z.strictObject({
  maxAge: duration()
    .prefault('24h')
    .describe('Agent messages older than this are not sent when the bridge catches up'),
  every: duration().prefault('5m').describe('How often Chatwoot is asked for missed messages'),
})

/** `accounts[].options`: how the bridge behaves; every key has a default. */
export const optionsSchema = z.strictObject({
  conversations: choice(['inbox', 'reopen', 'new'])
    .default('inbox')
    .describe(
      "inbox: obey the inbox's lock_to_single_conversation; reopen: always one conversation; new: a new one after a resolved one",
    ),
  phoneMessages: choice(['outgoing', 'private', 'ignore'])
    .default('outgoing')
    .describe('Messages typed on the phone'),
  groups: choice(['bridge', 'ignore']).default('bridge').describe('Group chats'),
  channels: choice(['ignore', 'bridge'])
    .default('ignore')
    .describe('Newsletters and status broadcasts'),
  reactions: choice(['message', 'private', 'ignore'])
    .default('message')
    .describe("Customers' reactions: a message, a private note or nothing"),
  customerDeletes: choice(['note', 'delete'])
    .default('note')
    .describe('note: keep the text for the agent and say that it was deleted; delete: delete it'),
  calls: choice(['note', 'ignore']).default('note').describe('Calls: one line each, or nothing'),
  contactNames: choice(['if-unset', 'always', 'never'])
    .default('if-unset')
    .describe("if-unset: never touch a name an agent changed; always: follow the customer's name"),
  agentName: z
    .string(expected('a text such as "*{agent}*\\n"'))
    .default('')
    .describe('Put before agent texts, {agent} is the name; empty: off'),
  readReceipts: choice(['on-reply', 'off'])
    .default('on-reply')
    .describe('When the customer sees blue ticks'),
  typing: onOff().default(true).describe('Show the customer that an agent is typing'),
  selectAs: choice(['text', 'poll'])
    .default('text')
    .describe("Chatwoot's input_select: numbered text or a poll"),
  media: media.prefault({}).describe('Files agents send'),
  pace: pace
    .default('auto')
    .describe("Between sends: auto follows the session's account_protection, or milliseconds"),
  retryFor: duration()
    .prefault('72h')
    .describe('How long a message is retried before it is failed'),
  catchUp: catchUp.prefault({}).describe('Sending what was missed while the bridge was away'),
  operatorConversation: onOff()
    .default(true)
    .describe('A contact "WhatsApp connection" tells how the connection is and takes commands'),
  commands: onOff().default(true).describe('"!poll …" and others in private notes'),
  locale: z
    .string(expected('a language such as en'))
    .regex(/^[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/, expected('a language such as en or pt-BR'))
    .default('en')
    .describe("Language of the bridge's own lines"),
})
