import type { Account } from '../../../accounts/account.ts'
import { BridgeError } from '../../../kernel/errors.ts'
import { qrSvg } from '../../../operators/qr-code.ts'
import type { SessionControl, SessionState } from '../../../operators/session-control.ts'
import type { AccountView } from '../account-view.ts'
import { isProblem } from '../platform-looks.ts'
import { actionButton, askFirst } from './parts/forms.ts'
import { type Html, html, nothing, raw } from './parts/html.ts'
import { sessionWords } from './parts/session-words.ts'

/** What an account's session is like, its code while there is one to scan, and what can be done with it. */
export type SessionPanel = (
  account: Account,
  session: AccountView['session'],
  formToken: string,
) => Promise<Html>

export function createSessionPanel({ sessions }: { sessions: SessionControl }): SessionPanel {
  return async (account, session, formToken) => {
    return html`<section class="session" aria-labelledby="session"><h2 id="session">Session</h2>
${
  isProblem(session)
    ? html`<p>${session.problem}</p>`
    : html`${await sessionState(sessions, account, session)}
${session.canManage ? actions(account, session, formToken) : noToken(account)}`
}
</section>`
  }
}

async function sessionState(
  sessions: SessionControl,
  account: Account,
  { status, phone, canManage }: SessionState,
): Promise<Html> {
  if (status === 'need_scan' && canManage) return html`${await code(sessions, account)}`
  const { sentence, todo } = sessionWords(status)
  const as = phone === null ? nothing : html` as <strong>${phone}</strong>`
  if (status === 'connected') return html`<p>Connected to WhatsApp${as}.</p>`
  return html`<p>It ${sentence} ${todo ?? ''}</p>`
}

async function code(sessions: SessionControl, account: Account): Promise<Html> {
  try {
    const { qr } = await sessions.qr(account)
    return html`<figure class="qr" role="img" aria-label="QR code to scan with WhatsApp">${raw(await qrSvg(qr))}</figure>
<ol class="steps">
<li>Open WhatsApp on the phone with the business number.</li>
<li>Open <strong>Settings</strong>, then <strong>Linked devices</strong>.</li>
<li>Choose <strong>Link a device</strong> and point the camera at the code.</li>
</ol>
<p class="quiet">The code changes every 45 seconds; this page shows the current one by itself. Whoever scans it reads and
writes with this account: show it to nobody.</p>`
  } catch (error) {
    if (error instanceof BridgeError) return html`<p>There is no code: ${error.message}</p>`
    throw error
  }
}

function actions({ id }: Account, { status }: SessionState, formToken: string): Html {
  const path = (action: string) => `/admin/accounts/${id}/session/${action}`
  const isUp = status === 'connected' || status === 'connecting'
  const connect = { path: path('connect'), label: 'Connect', look: 'primary' as const }
  return html`<div class="actions">
${isUp || status === 'need_scan' ? nothing : actionButton(connect, formToken)}
${isUp ? actionButton({ path: path('restart'), label: 'Restart' }, formToken) : nothing}
${isUp || status === 'need_scan' ? askFirst({ ...DISCONNECT, path: path('disconnect') }, formToken) : nothing}
${askFirst({ ...NEW_KEY, path: path('regenerate-key') }, formToken)}
</div>`
}

const DISCONNECT = {
  id: 'disconnect',
  label: 'Disconnect',
  look: 'danger',
  title: 'Disconnect from WhatsApp?',
  text: 'Agents’ messages wait until it is connected again, and customers’ messages come late.',
} as const

const NEW_KEY = {
  id: 'new-key',
  label: 'New API key',
  look: 'danger',
  title: 'Make a new API key?',
  text: 'The old one stops working at once, also for other programs. The bridge goes on with the new one by itself.',
  confirm: 'Make a new key',
} as const

function noToken({ id }: Account): Html {
  return html`<p class="quiet">To connect, disconnect and scan from here, give account <code>${id}</code> a
<code>wasender.personalAccessToken</code> in the configuration.</p>`
}
