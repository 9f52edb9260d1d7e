import type { Session, SessionStatus } from './session.ts'
import type { World } from './state.ts'

/** Moves sessions between their states and tells the webhooks (docs/platforms/wasender.md#session-states). */
export type SessionLife = {
  setStatus(session: Session, status: SessionStatus): Promise<void>
  /** A QR code nobody has seen yet; the current one stops working. */
  newQr(session: Session): string
  /** Somebody scans the QR code with the phone. */
  scan(session: Session): Promise<void>
  /** Runs `work` now, or once the session is connected: WhatsApp keeps messages until then. */
  whenConnected<T>(session: Session, work: () => Promise<T>): Promise<T>
  /** Ends the QR renewal of a session that is gone. */
  forget(session: Session): void
}

type Parts = Pick<World, 'webhooks' | 'changes' | 'tasks' | 'random' | 'sessions' | 'settings'>

const TRUSTED: Partial<Record<SessionStatus, boolean>> = {
  connected: true,
  logged_out: false,
  expired: false,
}

export function createSessionLife(parts: Parts): SessionLife {
  const { webhooks, changes, tasks, sessions } = parts
  const renewals = new Map<number, () => void>()
  const waiting = new Map<number, (() => void)[]>()

  function forget({ id }: Session): void {
    renewals.get(id)?.()
    renewals.delete(id)
  }

  async function setStatus(session: Session, status: SessionStatus): Promise<void> {
    session.status = status
    session.paired = TRUSTED[status] ?? session.paired
    session.qr = undefined
    forget(session)
    sessions.log(session, 'status_change')
    const told = [tell(webhooks, session, 'session.status', { status })]
    if (status === 'need_scan') told.push(showQr(session))
    changes.emit({ kind: 'session', sessionId: session.id, status, qr: session.qr })
    if (status === 'connected') release(session)
    await Promise.all(told)
  }

  function newQr(session: Session): string {
    session.qr = qrText(parts.random)
    return session.qr
  }

  function showQr(session: Session): Promise<void> {
    const stop = tasks.every(parts.settings.qrRenewMs, () => {
      const qr = newQr(session)
      changes.emit({ kind: 'session', sessionId: session.id, status: session.status, qr })
      void tell(webhooks, session, 'qrcode.updated', { qr })
    })
    renewals.set(session.id, stop)
    return tell(webhooks, session, 'qrcode.updated', { qr: newQr(session) })
  }

  function release({ id }: Session): void {
    const works = waiting.get(id) ?? []
    waiting.delete(id)
    for (const work of works) work()
  }

  return {
    setStatus,
    newQr,
    forget,
    scan: async (session) => {
      // Not one after the other: a receiver that is slow to answer does not hold WhatsApp up.
      const told = [setStatus(session, 'connecting'), setStatus(session, 'connected')]
      await Promise.all(told)
    },
    whenConnected: (session, work) => {
      if (session.status === 'connected') return work()
      return new Promise((resolve, reject) => {
        const list = waiting.get(session.id) ?? []
        waiting.set(session.id, list)
        list.push(() => void work().then(resolve, reject))
      })
    },
  }
}

function tell(webhooks: Parts['webhooks'], session: Session, event: string, data: object) {
  return webhooks.send(session, { event, data: () => data, lane: 'session', timeless: true })
}

/** `2@` and four comma-separated parts (docs/platforms/wasender.md#qr-codes). */
function qrText(random: Parts['random']): string {
  const [ref, ...keys] = [48, 32, 32, 32].map((length) => random.bytes(length).toString('base64'))
  return [`2@${ref}`, ...keys].join(',')
}
