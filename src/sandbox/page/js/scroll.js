const NEAR = 80

/** Runs `change` and keeps what scrolls `list` at its end if it was there, or in any case when `jump` is true. */
export function keepAtEnd(list, jump, change) {
  const scroller = list.parentElement
  const wasAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR
  change()
  if (wasAtEnd || jump) scroller.scrollTop = scroller.scrollHeight
}
