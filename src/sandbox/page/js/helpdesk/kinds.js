import { el } from '../dom.js'
import { parseMarkdown } from '../marks/markdown.js'
import { nodesOf } from '../marks/render.js'

/** What a message of each content type looks like. One entry here is all that a further one needs. */
const CONTENT = {
  text: (content) => el('div', { class: 'text' }, ...nodesOf(parseMarkdown(content))),
}

/** What an attachment of each file type looks like; the others are named. */
const ATTACHMENTS = {}

const chip = (label) => el('span', { class: 'chip' }, label)

/** A content type without an entry is named, with its text. */
const other = (content, contentType) => el('div', {}, chip(contentType), CONTENT.text(content))

/** The inside of a message in the helpdesk. */
export function helpdeskBody({ content, contentType, attachments }) {
  const draw = CONTENT[contentType] ?? other
  const text = content ? [draw(content, contentType)] : []
  const files = attachments.map((file) => {
    const drawFile =
      ATTACHMENTS[file.fileType] ?? (() => chip(`${file.fileType}: ${file.filename}`))
    return drawFile(file)
  })
  return [...files, ...text]
}
