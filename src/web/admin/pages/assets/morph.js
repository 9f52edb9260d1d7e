/** Makes an element's content equal to some HTML by changing no more than differs, so that focus and dialogs stay. */
export function morph(element, html) {
  const wanted = document.createElement('template')
  wanted.innerHTML = html
  children(element, wanted.content)
}

function children(old, wanted) {
  const byId = new Map([...old.children].filter(({ id }) => id).map((each) => [each.id, each]))
  let next = old.firstChild
  for (const want of [...wanted.childNodes]) {
    const named = want.id ? byId.get(want.id) : undefined
    const match = named ?? (isAlike(next, want) ? next : undefined)
    if (match === undefined) {
      old.insertBefore(want, next)
      continue
    }
    if (match === next) next = next.nextSibling
    else old.insertBefore(match, next)
    node(match, want)
  }
  while (next !== null) {
    const over = next
    next = next.nextSibling
    over.remove()
  }
}

/** One with an id of its own is only ever replaced by itself. */
function isAlike(old, want) {
  return old !== null && old.nodeName === want.nodeName && !old.id && !want.id
}

function node(old, want) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== want.nodeValue) old.nodeValue = want.nodeValue
    return
  }
  for (const { name } of [...old.attributes]) {
    if (!want.hasAttribute(name)) old.removeAttribute(name)
  }
  for (const { name, value } of want.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value)
  }
  // What somebody is typing or choosing is theirs.
  if (!old.matches('select')) children(old, want)
}
