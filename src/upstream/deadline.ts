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

/**
 * The text of a body, or its beginning of at least `enough` characters. What is not read is cancelled, also when the
 * signal is aborted, so that no connection is left open.
 */
export async function readText(
  response: Response,
  signal: AbortSignal,
  enough = Number.POSITIVE_INFINITY,
): Promise<string> {
  const reader = response.body?.getReader()
  if (reader === undefined) return ''
  // It was broken before, or nobody waits for it any more: either way there is nothing left to tell.
  const stop = () => void reader.cancel(signal.reason).catch(() => {})
  signal.addEventListener('abort', stop, { once: true })
  const decoder = new TextDecoder()
  let text = ''
  try {
    while (text.length < enough) {
      const { done, value } = await reader.read()
      signal.throwIfAborted()
      if (done) return text + decoder.decode()
      text += decoder.decode(value, { stream: true })
    }
    stop()
    return text
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
