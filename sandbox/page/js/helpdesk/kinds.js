import { el } from '../dom.js'
import { parseMarkdown } from '../marks/markdown.js'
import { nodesOf } from '../marks/render.js'
import { audio, fileLink, picture, video } from '../media.js'
import { plainLine } from '../words.js'

const text = (content) => el('div', { class: 'text' }, ...nodesOf(parseMarkdown(content)))

const choices = (content, items) =>
  el(
    'div',
    {},
    text(content),
    el('ul', { class: 'items' }, ...items.map((item) => el('li', {}, item))),
  )

/** What a message of each content type looks like. One entry here is all that a further one needs. */
const CONTENT = {
  text,
  input_select: choices,
  cards: choices,
  form: choices,
  article: choices,
  input_csat: text,
}

/** What an attachment of each file type looks like; the others can be saved. */
const ATTACHMENTS = {
  image: ({ url, filename }) => picture(url, filename),
  audio: ({ url, filename }) => audio(url, filename),
  video: ({ url, filename }) => video(url, filename),
}

const chip = (label) => el('span', { class: 'chip' }, label)

/** A content type without an entry is named, with its text. */
const other = (content, _items, contentType) => el('div', {}, chip(contentType), text(content))

/** The inside of a message in the helpdesk. */
export function helpdeskBody({ content, contentType, attachments, items, type, deleted }) {
  if (type === 'activity') return [content ?? '']
  if (deleted) return [el('div', { class: 'text' }, 'This message was deleted')]
  const draw = CONTENT[contentType] ?? other
  const words = content ? [draw(content, items, contentType)] : []
  const files = attachments.map((file) => {
    const drawFile = ATTACHMENTS[file.fileType]
    return drawFile?.(file) ?? fileLink(file.url, file.filename, file.bytes)
  })
  return [...files, ...words]
}

/** A message in one line, for quotes and the list of conversations. */
export function helpdeskLine({ content, attachments, deleted }) {
  if (deleted) return 'This message was deleted'
  return plainLine(content || attachments.map(({ filename }) => filename).join(', '))
}
