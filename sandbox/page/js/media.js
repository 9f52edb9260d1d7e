import { el, svg } from './dom.js'
import { sizeOf } from './words.js'

const PAGE = 'M5 2.5h9l5 5V21H5z M14 2.5v5h5'

/** A picture that opens in full size. */
export function picture(url, name) {
  const image = el('img', { src: url, alt: name })
  return el('a', { href: url, class: 'picture', target: '_blank', rel: 'noopener' }, image)
}

export const audio = (url, name) =>
  el('audio', { src: url, controls: true, preload: 'metadata', 'aria-label': name })

export const video = (url, name) =>
  el('video', { src: url, controls: true, preload: 'metadata', 'aria-label': name })

/** Plays by itself and again and again, as GIFs do. */
export function loop(url, name) {
  const element = el('video', { src: url, playsinline: true, loop: true, 'aria-label': name })
  element.muted = true
  element.autoplay = !matchMedia('(prefers-reduced-motion: reduce)').matches
  return element
}

/** A file to be saved. `bytes` are left out when nobody knows them. */
export function fileLink(url, name, bytes) {
  const size = bytes === undefined ? [] : [el('span', { class: 'file-size' }, sizeOf(bytes))]
  const label = el('span', { class: 'file-name' }, name)
  return el(
    'a',
    { href: url, class: 'file', download: name },
    svg('0 0 24 24', PAGE),
    label,
    ...size,
  )
}
