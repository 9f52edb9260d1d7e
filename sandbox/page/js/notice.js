import { byId, setAttributes, setText } from './dom.js'

const SHOWN_MS = 6000
let timer

/** Tells the visitor something for a moment. */
export function tell(text) {
  const notice = byId('notice')
  setText(notice, text)
  setAttributes(notice, { hidden: false })
  clearTimeout(timer)
  timer = setTimeout(() => setAttributes(notice, { hidden: true }), SHOWN_MS)
}
