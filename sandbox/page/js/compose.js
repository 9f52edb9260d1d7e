/**
 * A text box that sends on Enter. The text stays in the box when it could not be sent.
 *
 * @param {HTMLFormElement} form
 * @param {HTMLTextAreaElement} box
 * @param {(text: string) => Promise<boolean>} send
 * @param {() => boolean} [isComplete] whether it can be sent without a text
 */
export function setUpCompose(form, box, send, isComplete = () => false) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const text = box.value.trim()
    if (text === '' && !isComplete()) return
    box.value = ''
    if (!(await send(text)) && box.value === '') box.value = text
  })
  box.addEventListener('keydown', (event) => {
    // An input method uses Enter to choose a word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    form.requestSubmit()
  })
}
