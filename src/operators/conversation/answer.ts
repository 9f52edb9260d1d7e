import type { Account } from '../../accounts/account.ts'
import type { OutEvent } from '../../bridge/events.ts'
import { isForOperator } from '../../bridge/operator-address.ts'
import { answerId, isWritten, postNote } from '../../bridge/outbound/outbound-failure.ts'
import {
  OPERATOR_COMMANDS,
  type ReadCommand,
  readOperatorCommand,
} from '../../content/commands/operator-command.ts'
import type { Texts } from '../../content/locale/index.ts'
import {
  BridgeError,
  isRetryable,
  OperatorNeededError,
  SessionDownError,
} from '../../kernel/errors.ts'
import type { Entry } from '../../queue/entry.ts'
import type { Throttle } from '../../queue/throttle.ts'
import type { Handled } from '../../queue/turn.ts'
import { type ActionDeps, createActions } from './command-actions.ts'

/** Somebody waits for the answer: after so many failed attempts it says what is wrong instead. */
const ATTEMPTS = 2
const DAY_MS = 24 * 3_600_000

/**
 * Answers what a person writes in the operator's conversation, by a private note. Nothing of it goes to WhatsApp. The
 * answer, found by its source id, tells that a command was run already.
 */
export function createAnswer(deps: ActionDeps & { throttle: Throttle }) {
  const actions = createActions(deps)

  async function run(account: Account, entry: Entry, read: ReadCommand): Promise<string> {
    const { texts } = account
    if (!('command' in read)) return mistake(texts, read)
    if (read.command === 'help') return help(texts)
    try {
      return await actions[read.command](account)
    } catch (error) {
      if (!(error instanceof BridgeError) || isWorthAnotherTry(error, entry)) throw error
      return texts.operator.didNotWork(error.message)
    }
  }

  /** Said once a day, since colleagues may well talk to each other here. */
  async function purpose({ id, texts }: Account, entry: Entry): Promise<string | undefined> {
    const isNew = await deps.throttle.allow(`operator-purpose:${id}`, DAY_MS)
    return isNew || entry.attempts > 0 ? texts.operator.purpose : undefined
  }

  return async (account: Account, entry: Entry, event: OutEvent): Promise<Handled> => {
    if (!isForOperator(event)) return 'done'
    const note = {
      conversation: event.conversation.id,
      about: event.id,
      sourceId: answerId(event.id),
    }
    if (await isWritten(account, note)) return 'done'
    const read = readOperatorCommand(event.content ?? '')
    const text =
      read === undefined ? await purpose(account, entry) : await run(account, entry, read)
    if (text !== undefined) await postNote(account, { ...note, text })
    return 'done'
  }
}

/** What a person has to mend will not mend itself while they wait. */
function isWorthAnotherTry(error: BridgeError, { attempts }: Entry): boolean {
  const isForPeople = error instanceof OperatorNeededError || error instanceof SessionDownError
  return isRetryable(error) && !isForPeople && attempts < ATTEMPTS
}

function help({ operator, commands }: Texts): string {
  const lines = OPERATOR_COMMANDS.map((name) => {
    const { form, what } = operator.usage[name]
    return commands.line(form, what)
  })
  return [operator.help, ...lines].join('\n')
}

function mistake(
  { operator, commands }: Texts,
  read: Exclude<ReadCommand, { command: unknown }>,
): string {
  if ('misused' in read) return commands.write(operator.usage[read.misused].form)
  const { nearest } = read
  return commands.unknown(nearest === undefined ? undefined : operator.usage[nearest].form)
}
