/**
 * Runs `work` with a signal that is aborted after `ms`, and rejects then, whatever the work makes of the signal: fetch
 * holds it only weakly while a body is read, so that after a garbage collection a stalled body would never end.
 *
 * @throws {DOMException} named `TimeoutError`.
 */
export async function withDeadline<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const error = new DOMException(`There was no answer within ${ms} ms.`, 'TimeoutError')
    late.reject(error)
    controller.abort(error)
  }, ms)
  try {
    return await Promise.race([work(controller.signal), late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** What is read of a body, and whether there was more of it. */
export type BodyText = { text: string; isCut: boolean }

/**
 * The text of a body, as far as it has `most` bytes after decompression: a few hundred kilobytes may unpack to gigabytes.
 * What is not read is cancelled, also when the signal is aborted, so that no connection is left open.
 */
export async function readText(
  response: Response,
  signal: AbortSignal,
  most: number,
): Promise<BodyText> {
  const reader = response.body?.getReader()
  if (reader === undefined) return { text: '', isCut: false }
  // It was broken before, or nobody waits for it any more: either way there is nothing left to tell.
  const stop = () => void reader.cancel(signal.reason).catch(() => {})
  signal.addEventListener('abort', stop, { once: true })
  const decoder = new TextDecoder()
  let text = ''
  let left = most
  try {
    while (left >= 0) {
      const { done, value } = await reader.read()
      signal.throwIfAborted()
      if (done) return { text: text + decoder.decode(), isCut: false }
      text += decoder.decode(value.subarray(0, left), { stream: true })
      left -= value.byteLength
    }
    stop()
    return { text, isCut: true }
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
