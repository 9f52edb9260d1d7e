import type {
  KnownSessionStatus,
  SessionStatus,
} from '../../../../platforms/wasender/session-status.ts'

export type Tone = 'good' | 'busy' | 'bad'

/** A session's state as an admin reads it. */
export type SessionWords = {
  label: string
  tone: Tone
  /** After the account's name: `… is logged out of WhatsApp.` */
  sentence: string
  /** What to do, where there is something to do. */
  todo?: string
}

const WORDS: Readonly<Record<KnownSessionStatus, SessionWords>> = {
  connected: { label: 'Connected', tone: 'good', sentence: 'is connected to WhatsApp.' },
  connecting: {
    label: 'Connecting',
    tone: 'busy',
    sentence: 'is connecting to WhatsApp.',
    todo: 'Wait a moment. If it stays like this, restart the session.',
  },
  need_scan: {
    label: 'Waits for a scan',
    tone: 'bad',
    sentence: 'waits for its QR code to be scanned.',
    todo: 'Scan the code with the phone.',
  },
  need_passkey: {
    label: 'Waits for a passkey',
    tone: 'bad',
    sentence: 'waits for a passkey.',
    todo: 'Link the phone in the WasenderAPI dashboard.',
  },
  disconnected: {
    label: 'Disconnected',
    tone: 'bad',
    sentence: 'is disconnected from WhatsApp.',
    todo: 'Connect it again.',
  },
  logged_out: {
    label: 'Logged out',
    tone: 'bad',
    sentence: 'is logged out of WhatsApp.',
    todo: 'Connect it and scan the QR code with the phone.',
  },
  expired: {
    label: 'Expired',
    tone: 'bad',
    sentence: 'has expired.',
    todo: 'Connect it and scan the QR code with the phone.',
  },
  error: {
    label: 'Error',
    tone: 'bad',
    sentence: 'reports an error.',
    todo: 'Connect it again; if that does not help, look into the WasenderAPI dashboard.',
  },
}

export function sessionWords(status: SessionStatus): SessionWords {
  return (
    (WORDS as Partial<Record<string, SessionWords>>)[status] ?? {
      label: 'Unknown state',
      tone: 'bad',
      sentence: 'is in a state this bridge does not know.',
      todo: 'Look into the WasenderAPI dashboard.',
    }
  )
}
