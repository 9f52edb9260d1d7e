import { el, setAttributes } from '../dom.js'

/** Files that leave with the next message. */
export function createPendingFiles(place) {
  let files = []

  function draw() {
    place.replaceChildren(...files.map(chipOf))
    setAttributes(place, { hidden: files.length === 0 })
  }

  function chipOf(file) {
    const label = `Do not send ${file.label}`
    const remove = el('button', { type: 'button', class: 'plain', 'aria-label': label }, '×')
    remove.addEventListener('click', () => {
      files = files.filter((other) => other !== file)
      draw()
    })
    return el('li', {}, file.label, remove)
  }

  return {
    /** @param {{ label: string, file: object }[]} more */
    add(more) {
      files = [...files, ...more]
      draw()
    },
    /** What is pending; nothing is afterwards. */
    take() {
      const taken = files
      files = []
      draw()
      return taken
    },
    isEmpty: () => files.length === 0,
  }
}
