import { el } from './dom.js'

/**
 * @typedef {{ label: string, run: () => void, emoji?: string }} Item An `emoji` is shown in place of the label.
 * @typedef {{ name: string, items: Item[] }} Group Items below a heading.
 */

const GAP = 4
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }

/**
 * Opens a menu at a button: arrow keys move, Escape and anything outside close it.
 *
 * @param {HTMLButtonElement} button
 * @param {(Item | Group)[]} items
 */
export function openMenu(button, items) {
  const menu = el('div', { class: 'menu', popover: 'auto', role: 'menu' })
  const close = () => menu.hidePopover()
  menu.append(...items.map((item) => (item.items ? groupOf(item, close) : entryOf(item, close))))
  const entries = [...menu.querySelectorAll('[role=menuitem]')]
  menu.addEventListener('keydown', (event) => {
    const step = STEPS[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = entries.indexOf(document.activeElement) + step
    entries.at(next % entries.length)?.focus()
  })
  menu.addEventListener('toggle', ({ newState }) => {
    button.setAttribute('aria-expanded', String(newState === 'open'))
    if (newState === 'open') return
    // Focus goes back unless something else has taken it, such as a dialog.
    if (menu.contains(document.activeElement)) button.focus()
    menu.remove()
  })
  document.body.append(menu)
  menu.showPopover()
  place(menu, button)
  entries[0]?.focus()
}

function groupOf({ name, items }, close) {
  const heading = el('div', { class: 'menu-heading', 'aria-hidden': 'true' }, name)
  const entries = items.map((item) => entryOf(item, close))
  return el('div', { class: 'menu-group', role: 'group', 'aria-label': name }, heading, ...entries)
}

function entryOf({ label, run, emoji }, close) {
  const attributes = { type: 'button', role: 'menuitem', class: emoji ? 'emoji' : 'entry' }
  const entry = el('button', { ...attributes, 'aria-label': label }, emoji ?? label)
  entry.addEventListener('click', () => {
    close()
    run()
  })
  return entry
}

/** Above or below the button, wherever there is more room, and never beyond the edge. */
function place(menu, button) {
  const at = button.getBoundingClientRect()
  const { width, height } = menu.getBoundingClientRect()
  const isBelow = innerHeight - at.bottom > height + GAP
  const left = Math.min(at.left, innerWidth - width - GAP)
  menu.style.left = `${Math.max(GAP, left)}px`
  menu.style.top = `${Math.max(GAP, isBelow ? at.bottom + GAP : at.top - height - GAP)}px`
}

/** A button that opens a menu. `itemsOf` is asked every time. */
export function menuButton(button, itemsOf) {
  button.setAttribute('aria-haspopup', 'menu')
  button.setAttribute('aria-expanded', 'false')
  button.addEventListener('click', () => openMenu(button, itemsOf()))
  return button
}
