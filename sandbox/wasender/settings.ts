/** How the stand-in reacts to an accepted send. Assign to its fields at any time. */
export type EchoSettings = {
  /** Webhooks of the send leave, and are answered, before the send itself is answered. */
  beforeAnswer: boolean
  /** Milliseconds between accepting and sending. */
  after: number
  /** The send goes out, but neither `messages.upsert` nor `message.sent` tells of it. */
  never: boolean
  /** Form of `remoteJid` in the echo and in status updates. */
  addressing: 'pn' | 'lid'
  /** Order of the groups of webhooks after a send. */
  order: ('upsert' | 'sent' | 'acks')[]
  /** Status codes that follow by themselves (docs/platforms/wasender.md#message-operations). */
  acks: number[]
  /** Milliseconds before each of them. */
  ackAfter: number
  /** People read what they get: a 4 follows. */
  autoRead: boolean
}

/** Knobs of the stand-in that tests turn while it runs. */
export type Settings = {
  /** Which of the two spellings of the send routes exist (docs/platforms/wasender.md#send-routes-by-kind). */
  routes: 'unified' | 'per-type' | 'both'
  /** Spacing that account protection asks for, milliseconds. */
  paceMs: number
  /** Sends per minute and session; no limit when absent. */
  perMinute?: number | undefined
  /** How long a QR code is shown before the next one. */
  qrRenewMs: number
  /** Whether `to: "<digits>@lid"` can be delivered (docs/platforms/wasender.md#sending). */
  lidDeliverable: boolean
  echo: EchoSettings
}

export type SettingsOptions = Partial<Omit<Settings, 'echo'>> & { echo?: Partial<EchoSettings> }

export function createSettings({ echo, ...options }: SettingsOptions): Settings {
  return {
    routes: 'unified',
    paceMs: 5_000,
    qrRenewMs: 45_000,
    lidDeliverable: true,
    ...options,
    echo: {
      beforeAnswer: false,
      after: 0,
      never: false,
      addressing: 'pn',
      order: ['upsert', 'sent', 'acks'],
      acks: [2, 3],
      ackAfter: 0,
      autoRead: false,
      ...echo,
    },
  }
}
