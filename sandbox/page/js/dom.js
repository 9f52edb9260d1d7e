/** @typedef {Node | string} Child */

/**
 * Makes an element. Children that are strings become text, never markup.
 *
 * @param {string} tag
 * @param {Record<string, string | boolean | undefined>} [attributes] `class`, `data-…`, `aria-…`; a boolean sets or leaves out
 * @param {...Child} children
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  setAttributes(element, attributes)
  element.append(...children)
  return element
}

/** Sets attributes; `false` and `undefined` remove them. Writes only what differs, for screen readers' sake. */
export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) element.removeAttribute(name)
    else {
      const text = value === true ? '' : value
      if (element.getAttribute(name) !== text) element.setAttribute(name, text)
    }
  }
}

/** Sets the text of an element when it differs. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text
}

/** The element with this id, which the page is known to have. */
export function byId(id) {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`The page has no #${id}`)
  return element
}

const SVG = 'http://www.w3.org/2000/svg'

/** A drawing made of paths, hidden from screen readers. */
export function svg(viewBox, ...paths) {
  const drawing = document.createElementNS(SVG, 'svg')
  setAttributes(drawing, { viewBox, 'aria-hidden': 'true' })
  for (const d of paths) {
    const path = document.createElementNS(SVG, 'path')
    path.setAttribute('d', d)
    drawing.append(path)
  }
  return drawing
}

/** The rows of each list, by key. */
const rowsOf = new WeakMap()

/**
 * Brings the children of `list` in line with `items`: known rows are updated where they are, so that focus, selection
 * and screen readers are left in peace.
 *
 * @param {Element} list
 * @param {unknown[]} items
 * @param {{ key: (item) => string | number, create: () => { element: Element, update: (item) => void } }} row
 */
export function reconcile(list, items, { key, create }) {
  const before = rowsOf.get(list) ?? new Map()
  const after = new Map()
  for (const item of items) after.set(key(item), before.get(key(item)) ?? create())
  rowsOf.set(list, after)
  for (const [name, row] of before) if (!after.has(name)) row.element.remove()
  let place = list.firstElementChild
  for (const item of items) {
    const row = after.get(key(item))
    row.update(item)
    if (row.element === place) place = place.nextElementSibling
    else list.insertBefore(row.element, place)
  }
}
