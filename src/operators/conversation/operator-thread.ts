import type { Account } from '../../accounts/account.ts'
import { protectLiquid } from '../../content/message/format/protect-liquid.ts'
import { TransientError } from '../../kernel/errors.ts'
import type { MessageId } from '../../kernel/ids.ts'
import { isNotFound } from '../../platforms/chatwoot/client.ts'
import type { Message } from '../../platforms/chatwoot/shapes/message.ts'
import type { OperatorRecord } from '../../state/store/types.ts'
import { lookAgain } from './look-again.ts'
import type { OperatorPlace } from './operator-place.ts'

/**
 * `alert`: an incoming message, which opens the conversation and notifies agents. `note`: a private note, which only
 * shows as unread. `activity`: a grey line (docs/platforms/chatwoot.md#reopening, #creating-messages).
 */
export type Loudness = 'alert' | 'note' | 'activity'

/** Something the bridge writes there. The source id tells it from all others, so that it is written once. */
export type OperatorLine = {
  sourceId: string
  /** Markdown, but plain for an activity. */
  text: string
  loudness: Loudness
  picture?: { bytes: Uint8Array<ArrayBuffer>; fileName: string; contentType: string }
}

/** The operator's conversation while something is written into it. */
export type OperatorThread = {
  record: OperatorRecord
  /** The newest messages, oldest first. */
  latest: readonly Message[]
  has(sourceId: string): boolean
  /** Unless it is there already. */
  write(line: OperatorLine): Promise<void>
  remove(message: MessageId): Promise<void>
}

const FORMS = {
  alert: { messageType: 'incoming', private: false },
  note: { messageType: 'outgoing', private: true },
  activity: { messageType: 'activity', private: false },
} as const satisfies Record<Loudness, object>

/** Opens an account's conversation, made when missing, for some work. */
export type OpenOperatorThread = (
  account: Account,
  work: (thread: OperatorThread) => Promise<void>,
) => Promise<void>

/** The latest messages are read anew each time, so that a line is known whoever wrote it: another process, or a crashed one. */
export function createOperatorThreads({ place }: { place: OperatorPlace }): OpenOperatorThread {
  async function open(account: Account, record: OperatorRecord): Promise<OperatorThread> {
    const { messages } = account.chatwoot
    const { conversationId } = record
    const latest = await messages.list(conversationId)
    const has = (sourceId: string) => latest.some((message) => message.sourceId === sourceId)
    return {
      record,
      latest,
      has,
      async write(line) {
        if (!has(line.sourceId)) await lookAgain(() => post(account, record, line))
      },
      remove: (message) => messages.remove(conversationId, message),
    }
  }

  return async (account, work) => {
    const record = await place.ensure(account)
    try {
      await work(await open(account, record))
    } catch (error) {
      if (!isNotFound(error)) throw error
      await place.forget(account)
      throw gone(account, error)
    }
  }
}

async function post(
  { chatwoot }: Account,
  { conversationId }: OperatorRecord,
  { sourceId, text, loudness, picture }: OperatorLine,
): Promise<void> {
  const form = FORMS[loudness]
  // Chatwoot runs outgoing text, notes included, through its template language.
  const content = form.messageType === 'outgoing' ? protectLiquid(text) : text
  const message = { content, sourceId, ...form }
  if (picture === undefined) {
    await chatwoot.messages.create(conversationId, message)
    return
  }
  const { bytes, fileName, contentType } = picture
  const body = new Blob([bytes], { type: contentType })
  const attachments = [{ body, fileName, contentType }]
  await chatwoot.messages.createWithAttachments(conversationId, { ...message, attachments })
}

/** Tried again, which finds or makes another conversation. */
function gone({ id }: Account, cause: unknown): TransientError {
  return new TransientError(`The operator's conversation of account ${id} is gone.`, {
    code: 'session.conversation_gone',
    context: { account: id },
    cause,
  })
}
