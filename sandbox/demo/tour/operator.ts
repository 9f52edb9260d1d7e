import { type OperatorThread, operatorThread } from '../operator-thread.ts'
import type { DemoWorld } from '../world.ts'

/** Long enough for a slow machine; only steps that fail take it. */
const WAIT_MS = 20_000

/** What an operator reads and writes in "WhatsApp connection". */
export type Operator = OperatorThread & {
  /** Writes there; resolves with the text of the private note that answers it. */
  ask(text: string): Promise<string>
  /** Waits for a line that is younger than this moment. */
  line(text: RegExp): Promise<void>
  /** Waits until so many codes are shown. */
  shows(codes: number): Promise<void>
}

/** Opens the operator's conversation. */
export async function openOperator({ chatwoot }: DemoWorld): Promise<Operator> {
  const found = await operatorThread(chatwoot)
  const { conversation, thread, codes } = found
  const since = thread().at(-1)?.id ?? 0
  const wait = <T>(description: string, look: () => T) =>
    chatwoot.waitFor(look, { description, timeoutMs: WAIT_MS })

  return {
    ...found,
    async ask(text) {
      const { id } = await chatwoot.agent().reply(conversation, text)
      const isAnswer = (sourceId: string | null) => sourceId === `command:${id}`
      const answer = await wait(`the answer to ${text}`, () =>
        thread().find((message) => isAnswer(message.sourceId) && message.private),
      )
      return answer.content ?? ''
    },
    async line(text) {
      const fits = (content: string | null) => text.test(content ?? '')
      await wait(`a line like ${text}`, () =>
        thread().some((message) => message.id > since && fits(message.content)),
      )
    },
    async shows(count) {
      await wait(`${count} QR codes to be shown`, () => codes().length === count)
    },
  }
}
