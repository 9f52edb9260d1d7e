import type { Account } from '../../accounts/account.ts'
import { isForOperator } from '../../bridge/concerns-whatsapp.ts'
import type { RetryFailures } from '../../bridge/dead-letters/retry-failures.ts'
import type { OutEvent } from '../../bridge/events.ts'
import type { OutLane } from '../../bridge/intake/out-lane.ts'
import { answerId, isWritten, postNote } from '../../bridge/outbound/outbound-failure.ts'
import {
  OPERATOR_COMMANDS,
  type OperatorCommand,
  type ReadCommand,
  readOperatorCommand,
} from '../../content/commands/operator-command.ts'
import type { Texts } from '../../content/locale/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import {
  BridgeError,
  isRetryable,
  OperatorNeededError,
  PermanentError,
  SessionDownError,
} from '../../kernel/errors.ts'
import type { ConversationRef } from '../../platforms/chatwoot/shapes/message.ts'
import type { ConnectResult } from '../../platforms/wasender/sessions.ts'
import type { Failures } from '../../queue/dead-letters/failures.ts'
import type { Entry } from '../../queue/entry.ts'
import type { Lanes } from '../../queue/lanes.ts'
import type { Throttle } from '../../queue/queue.ts'
import type { SessionControl } from '../session-control.ts'
import type { OperatorDesk } from './operator-desk.ts'

/** Somebody waits for the answer: after so many failed attempts it says what is wrong instead. */
const ATTEMPTS = 2
const DAY_MS = 24 * 3_600_000

/**
 * Answers what a person writes in the operator's conversation, by a private note. Nothing of it goes to WhatsApp. The
 * answer, found by its source id, tells that a command was run already.
 */
export function createAnswer(deps: ActionDeps & { throttle: Throttle }) {
  const actions = createActions(deps)

  async function run(
    account: Account,
    { entry, event, read }: { entry: Entry; event: OutEvent; read: ReadCommand },
  ): Promise<string> {
    const { texts } = account
    if (!('command' in read)) return mistake(texts, read)
    if (read.command === 'help') return help(texts)
    try {
      return await actions[read.command](account, event.conversation)
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

  return async (account: Account, entry: Entry, event: OutEvent): Promise<void> => {
    if (!isForOperator(event)) return
    const note = {
      conversation: event.conversation.id,
      about: event.id,
      sourceId: answerId(event.id),
    }
    if (await isWritten(account, note)) return
    const read = readOperatorCommand(event.content ?? '')
    const text =
      read === undefined
        ? await purpose(account, entry)
        : await run(account, { entry, event, read })
    if (text !== undefined) await postNote(account, { ...note, text })
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

type ActionDeps = {
  control: SessionControl
  desk: Pick<OperatorDesk, 'post'>
  lanes: Pick<Lanes, 'waiting' | 'size'>
  outLane: OutLane
  failures: Pick<Failures, 'count' | 'list'>
  retryAll: RetryFailures['retryAll']
  clock: Clock
}

/** Does what was asked for in the operator's conversation and resolves with the answer, in Markdown. */
export type Action = (account: Account, askedIn: ConversationRef) => Promise<string>

const DIRECTIONS = ['in', 'out', 'status'] as const
/** More than these are for the admin page. */
const LISTED = 10

/** What each command does. Each may be done again: it states an end, or asks. */
function createActions(deps: ActionDeps): Record<Exclude<OperatorCommand, 'help'>, Action> {
  const { control, desk, failures, clock } = deps

  const countFailures = async ({ id }: Account) => {
    const counts = await Promise.all(DIRECTIONS.map((direction) => failures.count(id, direction)))
    return counts.reduce((sum, count) => sum + count, 0)
  }

  /** The picture comes by the lane of the news, where one follows the other. */
  const showCode = (account: Account) => desk.post(account, { is: 'qr', at: clock.now() })

  async function afterConnect(account: Account, result: ConnectResult): Promise<string> {
    const { operator, commands } = account.texts
    switch (result.status) {
      case 'connected':
        return operator.connecting
      case 'need_scan':
        await showCode(account)
        return operator.scan
      case 'need_passkey':
        return operator.passkey
      case 'other':
        return operator.state(commands.statuses[result.session] ?? result.session)
    }
  }

  return {
    async status(account, askedIn) {
      const { operator, commands } = account.texts
      const { status, phone } = await control.state(account)
      const rows = await deps.lanes.waiting([account.id])
      const waiting = (direction: 'in' | 'out') =>
        rows.find((row) => row.direction === direction)?.count ?? 0
      // The question, and whatever else is written here, waits in a lane and never goes to WhatsApp.
      const forNobody = await deps.lanes.size(await deps.outLane(account.id, askedIn))
      return [
        operator.status(commands.statuses[status] ?? status, phone),
        operator.waiting(waiting('in'), Math.max(0, waiting('out') - forNobody)),
        operator.failed(await countFailures(account)),
      ].join('\n')
    },

    async qr(account) {
      try {
        await control.qr(account)
      } catch (error) {
        if (!(error instanceof PermanentError) || error.code !== 'session.connected') throw error
        return account.texts.operator.connected
      }
      await showCode(account)
      return account.texts.operator.scan
    },

    connect: async (account) => afterConnect(account, await control.connect(account)),

    async disconnect(account) {
      await control.disconnect(account)
      return account.texts.operator.disconnected
    },

    async restart(account) {
      await control.restart(account)
      return account.texts.operator.restarted
    },

    async failures(account) {
      const { operator } = account.texts
      const count = await countFailures(account)
      if (count === 0) return operator.noFailures
      const page = await failures.list({ accounts: [account.id], limit: LISTED })
      const lines = page.failures.map(({ direction, failedAt, message }) =>
        operator.failureLine(direction, failedAt, message),
      )
      const more = count - lines.length
      return [...lines, ...(more > 0 ? [operator.moreFailures(more)] : [])].join('\n')
    },

    retry: async (account) =>
      account.texts.operator.retried(await deps.retryAll({ accounts: [account.id] })),
  }
}
