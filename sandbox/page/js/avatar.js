import { el, setText } from './dom.js'
import { initials } from './words.js'

/** Shows the picture of somebody in a round place, or the first letters of the name. */
export function drawAvatar(place, name, url) {
  const shown = place.querySelector('img')?.getAttribute('src') ?? undefined
  if (url === undefined || url === null) return setText(place, initials(name))
  if (shown !== url) place.replaceChildren(el('img', { src: url, alt: '' }))
}
