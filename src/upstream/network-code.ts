/** The system's error code, dug out of the `cause` chain that fetch builds; `TIMEOUT` when time was over. */
export function networkCode(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'TIMEOUT'
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth += 1) {
    const { code } = current as Error & { code?: unknown }
    if (typeof code === 'string') return code
    if (current instanceof AggregateError && current.errors[0] instanceof Error)
      current = current.errors[0]
    else current = current.cause
  }
  return error instanceof Error ? error.name : 'UNKNOWN'
}
