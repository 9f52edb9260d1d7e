import { el } from './dom.js'

let asked = 0

/**
 * Asks for a few values in a dialog. Resolves to them by name, or to `undefined` when it was closed.
 *
 * @param {string} title
 * @param {string} submit label of the button
 * @param {{ name: string, label: string, value?: string, rows?: number, type?: string, optional?: boolean }[]} fields
 */
export function ask(title, submit, fields) {
  asked += 1
  const heading = el('h2', { id: `asked-${asked}` }, title)
  const form = el(
    'form',
    { class: 'ask-form', autocomplete: 'off' },
    heading,
    ...fields.map(fieldOf),
  )
  const cancel = el('button', { type: 'button', class: 'button' }, 'Cancel')
  const send = el('button', { type: 'submit', class: 'button primary' }, submit)
  form.append(el('div', { class: 'ask-buttons' }, cancel, send))
  const dialog = el('dialog', { class: 'ask', 'aria-labelledby': heading.id }, form)
  document.body.append(dialog)
  return new Promise((resolve) => {
    let values
    cancel.addEventListener('click', () => dialog.close())
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      values = Object.fromEntries(new FormData(form))
      dialog.close()
    })
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(values)
    })
    dialog.showModal()
  })
}

function fieldOf({ name, label, value = '', rows, type = 'text', optional = false }) {
  const input =
    rows === undefined
      ? el('input', { name, type, value, required: !optional })
      : el('textarea', { name, rows: String(rows), required: !optional }, value)
  return el('label', {}, el('span', {}, label), input)
}
