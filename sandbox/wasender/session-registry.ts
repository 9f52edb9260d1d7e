import type { Clock } from '../../src/kernel/clock.ts'
import type { Random } from './random.ts'
import { createSession, type Session, type SessionOptions } from './session.ts'

/** A row of `GET /whatsapp-sessions/{id}/session-logs`. */
export type SessionLogRow = {
  id: string
  whatsapp_session_id: string
  event_type: string
  status: string
  occurred_at: string
}

export type Sessions = {
  add(options: SessionOptions): Session
  find(id: number): Session | undefined
  findByKey(apiKey: string): Session | undefined
  all(): Session[]
  remove(id: number): void
  log(session: Session, eventType: string): void
  /** Newest first. */
  logs(id: number): SessionLogRow[]
}

export function createSessions({ random, clock }: { random: Random; clock: Clock }): Sessions {
  const sessions = new Map<number, Session>()
  const rows: SessionLogRow[] = []
  let lastId = 0

  return {
    add: (options) => {
      const id = options.id ?? lastId + 1
      lastId = Math.max(lastId, id)
      const session = createSession({ ...options, id }, { random, now: clock.now() })
      sessions.set(id, session)
      return session
    },
    find: (id) => sessions.get(id),
    findByKey: (apiKey) => [...sessions.values()].find((session) => session.apiKey === apiKey),
    all: () => [...sessions.values()],
    remove: (id) => void sessions.delete(id),
    log: (session, eventType) =>
      void rows.push({
        id: String(rows.length + 1),
        whatsapp_session_id: String(session.id),
        event_type: eventType,
        status: session.status,
        occurred_at: new Date(clock.now()).toISOString(),
      }),
    logs: (id) => rows.filter((row) => row.whatsapp_session_id === String(id)).reverse(),
  }
}
