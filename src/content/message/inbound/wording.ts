import type { Texts } from '../../locale/index.ts'
import type { Content, SystemWhat } from '../canonical.ts'
import { toMarkdown } from '../format/to-markdown.ts'
import { bold, labelOf, linesOf, type NameOf, placeWords, plain, small } from './inline.ts'
import { nameOfKind, richWords } from './rich/rich-wording.ts'
import { isNode, type MessageNode, unwrap } from './unwrap.ts'

type SystemLine = Extract<Content, { kind: 'system' }>
type Label = (name: string, nameOf: NameOf, texts: Texts) => string

const asTitle: Label = (name) => plain(name)
const asSetting: Label = (name, _nameOf, { inbound }) =>
  inbound.system.settings[name] ?? plain(name)

/** What the names of a line are, where they are not people. */
const LABELS: Readonly<Partial<Record<SystemWhat, Label>>> = {
  'group-created': asTitle,
  'group-subject': asTitle,
  'group-settings': asSetting,
  'member-label': asTitle,
}

/** A line about what happened to a group or a person. */
function systemWords(line: SystemLine, texts: Texts, nameOf: NameOf): string {
  const label = LABELS[line.what] ?? labelOf
  const names = line.names
    .map((name) => label(name, nameOf, texts))
    .join(line.what === 'group-settings' ? ' ' : ', ')
  const words = texts.inbound.system.lines[line.what](names)
  return linesOf(words, line.text === undefined ? undefined : toMarkdown(line.text))
}

type WordingContext = {
  texts: Texts
  /** Written or done on the business's own phone. */
  fromMe: boolean
  nameOf: NameOf
}

type ContentOf<Kind extends Content['kind']> = Extract<Content, { kind: Kind }>
type Wording<Kind extends Content['kind']> = (
  content: ContentOf<Kind>,
  context: WordingContext,
) => string

/** How each kind reads in Chatwoot, as Markdown. Files are not part of it. */
const WORDINGS: { [Kind in Content['kind']]: Wording<Kind> } = {
  text: ({ text }, { texts: { inbound } }) =>
    isBlank(text) ? small(inbound.emptyMessage) : toMarkdown(text),
  media: ({ text = '' }) => toMarkdown(text),
  location: (place, { texts }) => placeWords(place, texts),
  contacts: ({ cards, text }) =>
    linesOf(
      ...cards.map(({ name, numbers }) => {
        const others = numbers.filter((number) => number !== name).map(plain)
        return [bold(name), ...(others.length === 0 ? [] : [others.join(', ')])].join(': ')
      }),
      text === undefined ? undefined : toMarkdown(text),
    ),
  poll: ({ text, options, multiple }, { texts: { inbound } }) =>
    linesOf(
      bold(text === '' ? inbound.poll.unnamed : text),
      small(multiple ? inbound.poll.anyNumber : inbound.poll.one),
      ...options.map((option) => `- ${plain(option)}`),
    ),
  'poll-result': ({ options, text }, { texts: { inbound } }) =>
    linesOf(
      text === undefined ? undefined : bold(text),
      small(inbound.poll.results),
      ...options.map(({ name, votes }) => `- ${plain(name)}: ${votes}`),
    ),
  choice: ({ text }) => toMarkdown(text),
  reaction: ({ text, toStory }, { texts, fromMe }) => {
    const { given, removed, ourStory, theirStory } = texts.inbound.reaction
    const line = text === '' ? removed : given(plain(text))
    if (toStory !== true) return line
    return fromMe ? theirStory(line) : ourStory(line)
  },
  edit: ({ text }, { texts: { inbound } }) =>
    text.trim() === '' ? inbound.editedToNothing : toMarkdown(text),
  'encrypted-edit': (_content, { texts: { inbound } }) => inbound.encryptedEdit,
  revoke: (_content, { texts: { inbound }, fromMe }) =>
    fromMe ? inbound.revoked.onPhone : inbound.revoked.byCustomer,
  call: ({ video, group, status }, { texts: { inbound } }) => {
    const { kinds, statuses, other } = inbound.call
    const kind = kinds[`${group ? 'group-' : ''}${video ? 'video' : 'voice'}`]
    return (statuses[status] ?? other)(kind)
  },
  system: (line, { texts, nameOf }) => systemWords(line, texts, nameOf),
  rich: (content, { texts }) => richWords(content, texts),
  unsupported: ({ what, text }, { texts: { inbound } }) => {
    const note = inbound.unsupported(nameOfKind(what, inbound))
    return text === undefined || text === '' ? note : `${toMarkdown(text)}\n\n${note}`
  },
}

/** Blanks, and signs that are not to be seen, such as Braille's blank and Hangul's fillers. */
function isBlank(text: string): boolean {
  return !/[^\s\p{Cc}\p{Cf}\u115f\u1160\u2800\u3164\uffa0]/u.test(text)
}

/** What a message says, in Markdown for agents. Empty when its file says it all. */
export function wordsFor(content: Content, context: WordingContext): string {
  return worded(content.kind, content, context)
}

function worded<Kind extends Content['kind']>(
  kind: Kind,
  content: ContentOf<Kind>,
  context: WordingContext,
): string {
  return WORDINGS[kind](content, context)
}

/** Where the nodes that can be edited keep what was written. */
const FIELDS = ['text', 'caption', 'contentText', 'name'] as const

/** The text or caption of a message, of whatever kind it is. */
export function wordsIn(message: MessageNode): string | undefined {
  const { node } = unwrap(message)
  if (typeof node === 'string') return node
  if (!isNode(node)) return undefined
  return FIELDS.map((field) => node[field]).find((value) => typeof value === 'string')
}
