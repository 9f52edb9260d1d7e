import { el, setAttributes, setText } from './dom.js'

/** A quoted message above the text that answers it. */
export function createQuote() {
  const author = el('span', { class: 'quote-author' })
  const line = el('span', { class: 'quote-line' })
  const element = el('blockquote', { class: 'quote', hidden: true }, author, line)
  return {
    element,
    /** @param {{ author: string, line: string } | undefined} quoted */
    update(quoted) {
      setAttributes(element, { hidden: quoted === undefined })
      setText(author, quoted?.author ?? '')
      setText(line, quoted?.line ?? '')
    },
  }
}

/**
 * The quote above a text box, which can be taken back.
 *
 * @param {HTMLElement} place
 * @param {HTMLTextAreaElement} box gets the focus when a message is chosen
 */
export function createQuoteBar(place, box) {
  const quote = createQuote()
  const label = 'Do not quote this message'
  const cancel = el('button', { type: 'button', class: 'plain', 'aria-label': label }, '×')
  place.append(quote.element, cancel)
  let id

  function choose(chosenId, quoted) {
    id = chosenId
    quote.update(quoted)
    setAttributes(place, { hidden: id === undefined })
  }
  cancel.addEventListener('click', () => {
    choose(undefined)
    box.focus()
  })
  choose(undefined)
  return {
    choose(chosenId, quoted) {
      choose(chosenId, quoted)
      box.focus()
    },
    clear: () => choose(undefined),
    chosen: () => id,
  }
}
