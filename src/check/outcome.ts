import { BridgeError } from '../errors.ts'

/** What became of a call: its answer, or an error that says what the other side thinks of it. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: BridgeError }

/** Waits for a call. Errors that are not the bridge's own are bugs and are thrown on. */
export async function outcomeOf<T>(call: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await call() }
  } catch (error) {
    if (error instanceof BridgeError) return { ok: false, error }
    throw error
  }
}

/** Makes a call when it is first needed and never again: several checks look at one answer. */
export function once<T>(call: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= call()
    return made
  }
}
