import { BridgeError } from '../../kernel/errors.ts'

/** One thing a check has to say. `found` says what is, `mend` what to do, naming the exact setting. */
export type Finding =
  | { level: 'ok' | 'skipped'; found: string }
  | {
      level: 'warning' | 'failed'
      /** Stable, for programs: `inbox.not_api`. */
      id: string
      found: string
      mend: string
    }

export type Level = Finding['level']

/** Something that can be looked at by itself. */
export type Check<Context> = {
  id: string
  title: string
  /** Ids of earlier checks; when one of them failed this one is skipped instead of failing again. */
  needs?: readonly string[]
  /** Nothing at all when there is nothing to look at. */
  run(context: Context): readonly Finding[] | Promise<readonly Finding[]>
}

/** A check that was run. */
export type CheckResult = { id: string; title: string; findings: readonly Finding[] }

export const ok = (found: string): Finding => ({ level: 'ok', found })
export const skipped = (found: string): Finding => ({ level: 'skipped', found })
export const warning = (id: string, found: string, mend: string): Finding => ({
  level: 'warning',
  id,
  found,
  mend,
})
export const failed = (id: string, found: string, mend: string): Finding => ({
  level: 'failed',
  id,
  found,
  mend,
})

/** The findings, or that all is well when there are none. */
export function orOk(findings: readonly (Finding | undefined)[], found: string): Finding[] {
  const given = findings.filter((finding) => finding !== undefined)
  return given.length === 0 ? [ok(found)] : given
}

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
