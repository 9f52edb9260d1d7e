import type { Texts } from '../../../locale/index.ts'
import type { Content, RichPart } from '../../canonical.ts'
import { toMarkdown } from '../../format/to-markdown.ts'
import { bold, linesOf, link, mapLink, plain, small } from '../inline.ts'

type Rich = Extract<Content, { kind: 'rich' }>
type Wording<As extends RichPart['as']> = (
  part: Extract<RichPart, { as: As }>,
  texts: Texts,
) => string | undefined

const WORDINGS: { [As in RichPart['as']]: Wording<As> } = {
  title: ({ text }) => bold(text),
  text: ({ text }) => toMarkdown(text),
  small: ({ text }) => small(plain(text)),
  option: ({ text, more }) => `- ${plain(text)}${more === undefined ? '' : `: ${plain(more)}`}`,
  link: ({ url, label }) => labelled(label, link(url) ?? plain(url)),
  phone: ({ number, label }) => labelled(label, plain(number)),
  code: ({ code, label }) => labelled(label, plain(code)),
  place: ({ latitude, longitude, name, address }) =>
    linesOf(bold(name ?? ''), plain(address ?? ''), mapLink({ latitude, longitude })),
  time: ({ moment, at }, { inbound }) => inbound.rich.moments[moment](inbound.rich.time(at)),
  fact: ({ fact, value }, { inbound }) => inbound.rich.facts[fact](plain(value)),
  withheld: ({ what }, { inbound }) => inbound.unsupported(nameOfKind(what, inbound)),
}

/** A message that is made of parts, below the name of what it is. */
export function richWords({ what, parts }: Rich, texts: Texts): string {
  const { inbound } = texts
  const name = knownName(what, inbound)
  const lines = parts.map((part) => worded(part.as, part, texts))
  if (name !== undefined) return linesOf(small(name), ...lines)
  return `${linesOf(...lines)}\n\n${inbound.partlyShown(inbound.unknownKind(plain(what)))}`.trim()
}

/** What agents call a kind of message; WhatsApp's own name where there is no other. */
export function nameOfKind(what: string, inbound: Texts['inbound']): string {
  return knownName(what, inbound) ?? inbound.unknownKind(plain(what))
}

/** A later version of a kind is called like the one before. */
export function knownName(what: string, { kinds }: Texts['inbound']): string | undefined {
  const name = Object.hasOwn(kinds, what) ? what : what.replace(/V\d+$/, '')
  return Object.hasOwn(kinds, name) ? kinds[name] : undefined
}

function worded<As extends RichPart['as']>(
  as: As,
  part: Extract<RichPart, { as: As }>,
  texts: Texts,
): string | undefined {
  return WORDINGS[as](part, texts)
}

function labelled(label: string | undefined, value: string): string {
  return `- ${label === undefined ? value : `${plain(label)}: ${value}`}`
}
