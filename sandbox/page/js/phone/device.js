import { post } from '../api.js'
import { byId, setAttributes, setText } from '../dom.js'

/** By the state of the session: what the phone says, and what can be done with it. */
const STATES = {
  connected: { text: 'Linked to the bridge', label: 'Log out', path: 'session/log-out' },
  need_scan: {
    text: 'Logged out. Its QR code is in “WhatsApp connection” and on the admin page.',
    label: 'Scan the QR code',
    path: 'session/scan',
  },
  connecting: { text: 'Being linked …', label: 'Scan the QR code' },
  other: {
    text: 'Not linked. Write !connect in “WhatsApp connection”.',
    label: 'Scan the QR code',
  },
}

/** The line below the phone: whether the business's WhatsApp is linked to the bridge. */
export function createDevice() {
  const button = byId('session-button')
  let path
  button.addEventListener('click', () => post(path))
  return {
    update({ session }) {
      const state = STATES[session] ?? STATES.other
      path = state.path
      setText(byId('device-state'), state.text)
      setText(button, state.label)
      setAttributes(byId('device'), { 'data-session': session })
      setAttributes(button, { disabled: path === undefined })
    },
  }
}
