import { el, setAttributes, svg } from './dom.js'

const ONE = 'M1.5 7.2 4.9 10.6 11.5 3'
const TWO = 'M8 9.6 9 10.6 15.6 3'
const CROSS = 'M5 3l7 7M12 3l-7 7'

/** How far a message has come: its drawing and its name for screen readers. */
const TICKS = {
  sent: { label: 'Sent', paths: [ONE] },
  delivered: { label: 'Delivered', paths: [ONE, TWO] },
  read: { label: 'Read', paths: [ONE, TWO] },
  failed: { label: 'Failed', paths: [CROSS] },
}

/** Ticks that can be brought up to date. */
export function createTicks() {
  const element = el('span', { class: 'ticks', role: 'img' })
  return {
    element,
    update(state) {
      if (element.dataset.tick === state) return
      const { label, paths } = TICKS[state] ?? TICKS.sent
      setAttributes(element, { 'data-tick': state, 'aria-label': label, title: label })
      element.replaceChildren(svg('0 0 18 13', ...paths))
    },
  }
}
