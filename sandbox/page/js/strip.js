import { post } from './api.js'
import { byId, el, setAttributes, setText } from './dom.js'
import { openMenu } from './menu.js'
import { menus } from './menus.js'

/** What is counted, in the words of the page. */
const COUNTS = {
  whatsappEvents: 'From WhatsApp',
  helpdeskCalls: '→ helpdesk calls',
  helpdeskEvents: 'From helpdesk',
  whatsappSends: '→ WhatsApp sends',
}

const WORDS = {
  connected: 'WhatsApp is connected',
  connecting: 'WhatsApp is connecting',
  need_scan: 'WhatsApp waits for a scan',
  logged_out: 'WhatsApp is logged out',
}

/** The strip at the bottom: what the bridge did, and what can be done to it. */
export function createStrip() {
  const counts = Object.entries(COUNTS).map(([name, label]) => {
    const value = el('dd', { 'data-count': name }, '0')
    byId('counts').append(el('div', {}, el('dt', {}, label), value))
    return { name, value }
  })
  const refuse = byId('refuse-next')
  refuse.addEventListener('click', async () => {
    const { refusals } = await menus
    const itemOf = ({ id, label }) => ({
      label,
      run: () => post('next-send/refuse', { refusal: id }),
    })
    openMenu(refuse, refusals.map(itemOf))
  })

  function tell(text, isOk) {
    setText(byId('bridge-state'), text)
    setAttributes(byId('bridge-state'), { 'data-ok': String(isOk) })
  }

  return {
    update(state) {
      const { session } = state
      for (const { name, value } of counts) setText(value, String(state.counts[name]))
      const whatsapp = WORDS[session] ?? `WhatsApp: ${session}`
      const isOk = session === 'connected' && state.bridge === 'running'
      tell(state.bridge === 'running' ? whatsapp : 'The bridge is away', isOk)
    },
    lost: () => tell('The demo has stopped', false),
  }
}
