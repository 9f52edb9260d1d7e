import { el, reconcile, setText } from './dom.js'

/**
 * Radio buttons that look like segments.
 *
 * @param {HTMLElement} place
 * @param {string} name
 * @param {(value: string) => void} onChoose
 */
export function createChoices(place, name, onChoose) {
  let chosen
  function createChoice() {
    const input = el('input', { type: 'radio', name })
    const label = el('span')
    input.addEventListener('change', () => onChoose(input.value))
    return {
      element: el('label', {}, input, label),
      update(choice) {
        input.value = choice.value
        input.checked = choice.value === chosen
        setText(label, choice.label)
      },
    }
  }
  return {
    /** @param {{ value: string, label: string }[]} choices */
    update(choices, chosenValue) {
      chosen = chosenValue
      reconcile(place, choices, { key: ({ value }) => value, create: createChoice })
    },
  }
}
