import type { Clock } from '../../clock.ts'
import { block } from '../../commands/block.ts'
import { editSent, removeSent } from '../../commands/change-sent.ts'
import type { Command } from '../../commands/command.ts'
import { contentOf, isSending } from '../../commands/content.ts'
import { makeSticker } from '../../commands/make-sticker.ts'
import { parseCommand } from '../../commands/parse.ts'
import type { CommandAnswer, CommandRun } from '../../commands/run.ts'
import { helpText, mistakeText, tellStatus } from '../../commands/tell.ts'
import { BridgeError } from '../../errors.ts'
import type { Conversations } from '../../identity/conversations.ts'
import type { DownloadFile } from '../../media/download.ts'
import { failureReason } from '../../message/outbound/failure-reason.ts'
import type { OutgoingContent } from '../../wasender/outgoing-message.ts'
import type { Handled } from '../lanes/turn.ts'
import type { Journal } from '../outcome/journal.ts'
import { answerId, isWritten, postNote } from './agent-note.ts'
import { type SendMessageDeps, sendMessage, type ToSend } from './send-message.ts'

export type HandleCommandDeps = {
  /** What a message is sent with. */
  sending: SendMessageDeps
  journal: Journal
  clock: Clock
  conversations: Conversations
  download: DownloadFile
}

type Acting = Exclude<Command['name'], 'poll' | 'location' | 'contact' | 'sticker'>
type Act = (run: CommandRun, command: Command) => Promise<CommandAnswer>

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
  ): Promise<CommandAnswer> {
    const { commands } = sending.account.texts
    const result = await sendMessage(
      { ...sending, parts: [{ from: 'content', content }] },
      deps.sending,
    )
    if (result === 'sent') return commands.sent[kind]
    return 'failed' in result ? commands.failed(result.failed) : result
  }

  async function act(run: CommandRun, name: Acting, command: Command): Promise<CommandAnswer> {
    const { texts } = run.account
    try {
      return await ACTS[name](run, command)
    } catch (error) {
      if (!(error instanceof BridgeError) || run.attempts < ATTEMPTS) throw error
      return texts.commands.failed(failureReason(error, texts))
    }
  }

  async function answerTo(sending: ToSend, run: CommandRun): Promise<CommandAnswer | undefined> {
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

  return async (sending: ToSend): Promise<Handled> => {
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
    if (await isWritten(account, note)) return 'done'
    const answer = await answerTo(sending, { account, event, attempts: entry.attempts })
    if (typeof answer === 'object') return answer
    if (answer !== undefined) await postNote(account, { ...note, text: answer })
    return 'done'
  }
}
