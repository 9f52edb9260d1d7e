import type { Stage } from './stage.ts'

/** One endpoint or event of WasenderAPI, and how people use it. */
export type ReachRow = {
  /** The older spelling, or the documented one where they agree. */
  name: string
  /** The documented spelling, where that is another one (docs/platforms/wasender.md#send-routes-by-kind). */
  today?: string
  /** Markdown, for the page. */
  how: string
  /** Uses it. Throws unless people see what comes of it. */
  run(stage: Stage): Promise<void>
}

/** `GET /messages/{msgId}` as what the stand-in's ledger is asked for. */
export function parseRoute(route: string): { method: string; path: RegExp } {
  const [method, path] = route.split(' ') as [string, string]
  const escaped = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')
  return { method, path: new RegExp(`^/api${escaped}$`) }
}
