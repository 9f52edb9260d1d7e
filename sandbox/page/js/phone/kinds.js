import { el } from '../dom.js'
import { nodesOf } from '../marks/render.js'
import { parseWhatsapp } from '../marks/whatsapp.js'
import { audio, fileLink, loop, picture, video } from '../media.js'
import { contactCard, locationCard, pollCard, wordsCard } from './cards.js'

const text = ({ text: words }) =>
  words ? [el('div', { class: 'text' }, ...nodesOf(parseWhatsapp(words)))] : []

const words = (message) => [...(message.card ? [wordsCard(message.card)] : []), ...text(message)]

const withFile = (draw) => (message) =>
  message.media === undefined
    ? other(message)
    : [draw(message.media.url, message.media.fileName), ...text(message)]
const contacts = (message) => message.contacts.map(contactCard)

/** What a message of each kind looks like on the phone. One entry here is all that a further kind needs. */
const KINDS = {
  text: words,
  other: words,
  choice: text,
  image: withFile(picture),
  sticker: withFile(picture),
  video: withFile(video),
  'round-video': withFile(video),
  gif: withFile(loop),
  audio: withFile(audio),
  voice: withFile(audio),
  document: withFile(fileLink),
  location: (message) => [locationCard(message.location), ...text(message)],
  contact: contacts,
  contacts,
  poll: (message, context) => [pollCard(message, context)],
}

/** What a kind is called where there is no room to show it. */
const NAMES = {
  image: 'Photo',
  sticker: 'Sticker',
  video: 'Video',
  'round-video': 'Video',
  gif: 'GIF',
  audio: 'Audio',
  voice: 'Voice message',
  contact: 'Contact',
  contacts: 'Contacts',
  location: 'Location',
}

const gone = () => [el('div', { class: 'text' }, 'This message was deleted')]

/** A kind without an entry is named, with its caption if it has one. */
const other = (message) => [
  el('span', { class: 'chip' }, NAMES[message.kind] ?? message.kind),
  ...text(message),
]

/** The inside of a bubble on the phone. */
export function phoneBody(message, context) {
  const draw = message.deletedAt === undefined ? (KINDS[message.kind] ?? other) : gone
  return draw(message, context)
}

/** A message in one line, for quotes. */
export function phoneLine({ deletedAt, text: said, poll, media, card, kind }) {
  if (deletedAt !== undefined) return 'This message was deleted'
  return said || poll?.question || card?.lines[0] || NAMES[kind] || media?.fileName || kind
}
