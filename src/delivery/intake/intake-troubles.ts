import { TransientError } from '../../errors.ts'
import { storageTrouble } from '../../storage-trouble.ts'

/** So long after a webhook could not be stored that is told. */
const REFUSED_MS = 60_000

/** Why webhooks wait on disk or were refused, in words for anybody: the last real reason. */
export function createTroubles() {
  /** Why the lanes did not take something the last time; `undefined` once they did. */
  let refusal: string | undefined
  /** Why the spool fills, or is not played. */
  let trouble: string | undefined
  let count = 0
  let last: { at: number; why: string } | undefined

  const isRecent = () => last !== undefined && performance.now() - last.at < REFUSED_MS

  return {
    /** Remembers what comes of putting something into the lanes. */
    async noted<R>(putting: Promise<R>): Promise<R> {
      try {
        const result = await putting
        refusal = undefined
        return result
      } catch (error) {
        refusal = storageTrouble(error)
        throw error
      }
    },
    /** What waits on disk has to go on waiting. */
    holds(reason: string): void {
      trouble = reason
    },
    /** Nothing waits any more. */
    over(): void {
      trouble = undefined
    },
    waiting(): string {
      return trouble === undefined
        ? 'Webhooks that waited on disk are on their way into the lanes.'
        : `Webhooks wait on disk: ${trouble}.`
    },
    /** Neither the lanes nor the disk take a webhook. `onDisk`: what the disk said. */
    refused(onDisk: unknown): TransientError {
      const said = [refusal ?? trouble, storageTrouble(onDisk)].filter((each) => each !== undefined)
      const why = [...new Set(said)].join('; ')
      count = isRecent() ? count + 1 : 1
      last = { at: performance.now(), why }
      return new TransientError(`Neither Redis nor the disk takes it: ${why}.`, {
        code: 'bridge.not_stored',
        cause: onDisk,
      })
    },
    refusedLately(): string | undefined {
      if (last === undefined || !isRecent()) return undefined
      const what = count === 1 ? 'A webhook could' : `${count} webhooks could`
      return `${what} not be stored, neither in Redis nor on disk: ${last.why}.`
    },
  }
}
