const NEAR = 80

/**
 * Keeps what scrolls `list` at its end, as long as nobody scrolls away from it: also when a picture in it is loaded later, or
 * when the box below it grows.
 */
export function keepAtEnd(list) {
  const scroller = list.parentElement
  let isAtEnd = true
  let top = 0

  function jump() {
    isAtEnd = true
    scroller.scrollTop = scroller.scrollHeight
  }

  scroller.addEventListener('scroll', () => {
    const left = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight
    // Only people scroll up: what grows pushes the end away without anybody having left it.
    if (left < NEAR) isAtEnd = true
    else if (scroller.scrollTop < top) isAtEnd = false
    top = scroller.scrollTop
  })
  const observer = new ResizeObserver(() => isAtEnd && jump())
  observer.observe(list)
  observer.observe(scroller)
  return { jump }
}
