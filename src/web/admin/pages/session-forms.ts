import { Hono } from 'hono'
import type { Account } from '../../../accounts/account.ts'
import { BridgeError } from '../../../kernel/errors.ts'
import type { SessionControl } from '../../../operators/session-control.ts'
import type { ConnectResult } from '../../../platforms/wasender/sessions.ts'
import type { PlatformLooks } from '../platform-looks.ts'
import type { SignedIn } from '../sign-in/require-sign-in.ts'
import type { Notices } from './notices.ts'

export type SessionFormsDeps = {
  accounts: readonly Account[]
  sessions: SessionControl
  looks: Pick<PlatformLooks, 'forget'>
  notices: Notices
}

/** Does it and says what came of it. */
type Deed = (sessions: SessionControl, account: Account) => Promise<string>

const CONNECTED: Readonly<Record<ConnectResult['status'], string>> = {
  connected: 'It is connected.',
  need_scan: 'Scan the code with the phone.',
  need_passkey: 'WhatsApp asks for a passkey: link the phone in the WasenderAPI dashboard.',
  other: 'WasenderAPI connects; this page shows how it goes on.',
}

const DEEDS: Readonly<Record<string, Deed>> = {
  connect: async (sessions, account) => CONNECTED[(await sessions.connect(account)).status],
  disconnect: async (sessions, account) => {
    await sessions.disconnect(account)
    return 'It is disconnected.'
  },
  restart: async (sessions, account) => {
    await sessions.restart(account)
    return 'It restarts.'
  },
  'regenerate-key': async (sessions, account) => {
    await sessions.regenerateKey(account)
    return 'There is a new API key, and the bridge uses it. Copy it from the WasenderAPI dashboard into the configuration, too.'
  },
}

/** Names come from an address, so what every object has is none. */
const deedOf = (name: string) => (Object.hasOwn(DEEDS, name) ? DEEDS[name] : undefined)

/** What the buttons of an account's session do. */
export function createSessionForms(deps: SessionFormsDeps): Hono<SignedIn> {
  const { accounts, sessions, looks, notices } = deps
  const app = new Hono<SignedIn>()
  app.post('/:id/session/:deed', async (c, next) => {
    const account = accounts.find(({ id }) => id === c.req.param('id'))
    const deed = deedOf(c.req.param('deed'))
    if (account === undefined || deed === undefined) return next()
    const adminSession = c.get('adminSession')
    try {
      notices.leave(adminSession, { kind: 'done', text: await deed(sessions, account) })
    } catch (error) {
      if (!(error instanceof BridgeError)) throw error
      notices.leave(adminSession, { kind: 'problem', text: error.message })
    } finally {
      looks.forget(account)
    }
    return c.redirect(`/admin/accounts/${account.id}`, 303)
  })
  return app
}
