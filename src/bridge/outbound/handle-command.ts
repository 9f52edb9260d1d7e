import type { Command } from '../../content/commands/command.ts'
import { parseCommand } from '../../content/commands/parse.ts'
import type { DownloadFile } from '../../content/media/download.ts'
import { failureReason } from '../../content/message/outbound/failure-reason.ts'
import type { Clock } from '../../kernel/clock.ts'
import { BridgeError } from '../../kernel/errors.ts'
import type { Conversations } from '../../people/conversations.ts'
import { type Address, formatJid, parseAddress } from '../../platforms/wasender/jid.ts'
import type { OutgoingContent } from '../../platforms/wasender/outgoing-message.ts'
import type { Journal } from '../sends/journal.ts'
import { editSent, removeSent } from './commands/find-sent.ts'
import { makeSticker } from './commands/make-sticker.ts'
import type { CommandRun } from './commands/run.ts'
import { helpText, mistakeText, tellStatus } from './commands/tell.ts'
import { answerId, isWritten, postNote } from './outbound-failure.ts'
import { type SendMessageDeps, sendMessage, type ToSend } from './send-message.ts'
import { jidOf } from './target.ts'

type HandleCommandDeps = {
  /** What a message is sent with. */
  sending: SendMessageDeps
  journal: Journal
  clock: Clock
  conversations: Conversations
  download: DownloadFile
}

type Acting = Exclude<Command['name'], 'poll' | 'location' | 'contact' | 'sticker'>
/** Answers with what the agent is told, in Markdown. */
type Act = (run: CommandRun, command: Command) => Promise<string>

/** An agent waits for the answer: after so many attempts it says what is wrong instead. */
const ATTEMPTS = 3

export type HandleCommand = ReturnType<typeof createHandleCommand>

/**
 * Runs the command in a private note and answers with another one. What it sends goes through the journal like any
 * message; the answer, found by its source id, tells that a command was run already.
 */
export function createHandleCommand(deps: HandleCommandDeps) {
  const { journal, clock, download, conversations } = deps

  const ACTS: Readonly<Record<Acting, Act>> = {
    edit: (run, command) =>
      editSent(run, command.name === 'edit' ? command.text : '', { journal, clock }),
    delete: (run) => removeSent(run, { journal, clock }),
    block: (run) => block(run, 'block', conversations),
    unblock: (run) => block(run, 'unblock', conversations),
    status: (run) => tellStatus(run, conversations),
    help: async ({ account }) => helpText(account.texts),
  }

  async function send(
    sending: ToSend,
    kind: 'poll' | 'location' | 'contact' | 'sticker',
    content: OutgoingContent,
  ): Promise<string> {
    const { commands } = sending.account.texts
    const failed = await sendMessage(
      { ...sending, parts: [{ from: 'content', content }] },
      deps.sending,
    )
    return failed === undefined ? commands.sent[kind] : commands.failed(failed)
  }

  async function act(run: CommandRun, name: Acting, command: Command): Promise<string> {
    const { texts } = run.account
    try {
      return await ACTS[name](run, command)
    } catch (error) {
      if (!(error instanceof BridgeError) || run.attempts < ATTEMPTS) throw error
      return texts.commands.failed(failureReason(error, texts))
    }
  }

  async function answerTo(sending: ToSend, run: CommandRun): Promise<string | undefined> {
    const { texts } = run.account
    const parsed = parseCommand(run.event.content ?? '')
    if (parsed === undefined) return undefined
    if (!('command' in parsed)) return mistakeText(texts, parsed)
    const { command } = parsed
    if (isSending(command)) return send(sending, command.name, contentOf(command))
    const { name } = command
    if (name !== 'sticker') return act(run, name, command)
    const sticker = await makeSticker(run, download)
    return 'refuse' in sticker ? sticker.refuse : send(sending, 'sticker', sticker.content)
  }

  return async (sending: ToSend): Promise<void> => {
    const { account, entry, event, known } = sending
    // Only what the journal knows as failed can have been retried, and is then answered anew. Any other update is the
    // same command once more, such as the failure Chatwoot shows and the bridge takes back.
    const isRetried = event.action === 'updated' && known.length > 0
    const run = isRetried ? `:${entry.id}` : ''
    const note = {
      conversation: event.conversation.id,
      about: event.id,
      sourceId: answerId(event.id, run),
    }
    if (await isWritten(account, note)) return
    const answer = await answerTo(sending, { account, event, attempts: entry.attempts })
    if (answer !== undefined) await postNote(account, { ...note, text: answer })
  }
}

/** `!block` and `!unblock`. */
async function block(
  run: CommandRun,
  name: 'block' | 'unblock',
  conversations: Pick<Conversations, 'byConversation'>,
): Promise<string> {
  const { account } = run
  const { commands } = account.texts
  const address = await addressOf(run, conversations)
  if (address === undefined) return commands.notAChat
  if (address.kind !== 'phone' && address.kind !== 'lid') return commands.personsOnly
  const id = address.kind === 'phone' ? address.digits : formatJid(address)
  await account.wasender.contacts[name](id)
  return name === 'block' ? commands.blocked : commands.unblocked
}

/** The chat the bridge knows, else the number of the contact. */
async function addressOf(
  { account, event }: CommandRun,
  conversations: Pick<Conversations, 'byConversation'>,
): Promise<Address | undefined> {
  const chat = await conversations.byConversation(account.id, event.conversation)
  const { phoneNumber } = event.conversation.contact
  const written = chat === undefined ? phoneNumber : jidOf(chat)
  return written === undefined ? undefined : parseAddress(written)
}

/** Commands that send something of their own. */
type SendingCommand = Extract<Command, { name: 'poll' | 'location' | 'contact' }>

type Content<Name extends SendingCommand['name']> = (
  command: Extract<SendingCommand, { name: Name }>,
) => OutgoingContent

const CONTENT: { [Name in SendingCommand['name']]: Content<Name> } = {
  poll: ({ question, options, multiSelect }) => ({
    kind: 'poll',
    question,
    options,
    ...(multiSelect ? { multiSelect } : {}),
  }),
  location: ({ latitude, longitude, place, address }) => ({
    kind: 'location',
    latitude,
    longitude,
    ...(place === undefined ? {} : { name: place }),
    ...(address === undefined ? {} : { address }),
  }),
  contact: ({ person, phone }) => ({ kind: 'contact', name: person, phone }),
}

function isSending(command: Command): command is SendingCommand {
  return Object.hasOwn(CONTENT, command.name)
}

/** What a command sends. */
function contentOf<Name extends SendingCommand['name']>(
  command: Extract<SendingCommand, { name: Name }>,
): OutgoingContent {
  const content = CONTENT[command.name as Name] as Content<Name>
  return content(command)
}
