import { cutText } from '../../cut-text.ts'
import type { Texts } from '../../locale/index.ts'
import type { Content, Quoted } from '../canonical.ts'
import { linesOf, plain, plainLine, small } from './inline.ts'
import { type NameOf, nameMentions } from './names.ts'
import { knownName } from './rich/rich-wording.ts'

/** Enough to know a message again by. */
const LONGEST_QUOTE = 300

export type QuoteContext = {
  texts: Texts
  /** The answer was written on the business's own phone. */
  fromMe: boolean
  /** Who wrote what is answered, where that is not clear. */
  from?: string | undefined
  nameOf: NameOf
}

/** A message that is answered and not in Chatwoot, as a short quote in Markdown. */
export function quoteWords(quoted: Quoted, context: QuoteContext): string {
  const { texts, from, nameOf } = context
  const words = wordsIn(quoted.content)
  const kind = kindOf(quoted, texts) ?? (words === undefined ? texts.inbound.quote.message : '')
  const heading = [quoted.isStory ? storyOf(context) : '', plain(from ?? ''), kind]
  const shown = heading.filter((part) => part !== '').join(' · ')
  const line =
    words === undefined
      ? ''
      : nameMentions(plainLine(cutText(words.trim(), LONGEST_QUOTE)), quoted.mentions, nameOf)
  const lines = linesOf(shown === '' ? '' : small(shown), line)
  return lines.replace(/^/gm, '> ')
}

/** Customers see stories of ours, and we see theirs; in a group it may be anybody's. */
function storyOf({ texts, fromMe, from }: QuoteContext): string {
  const { story } = texts.inbound.quote
  if (from !== undefined) return story.somebodys
  return fromMe ? story.theirs : story.ours
}

/** What it is, unless it is only words. */
function kindOf({ content, node = '' }: Quoted, { inbound }: Texts): string | undefined {
  if (content?.kind === 'media') return inbound.quote.media[content.media.kind]
  const what = content?.kind === 'unsupported' || content?.kind === 'rich' ? content.what : node
  return knownName(what, inbound)
}

/** What says most about it. */
function wordsIn(content: Content | undefined): string | undefined {
  const words = content === undefined ? [] : saying(content)
  const line = words.filter((part) => part !== undefined && part.trim() !== '').join(', ')
  return line === '' ? undefined : line
}

function saying(content: Content): (string | undefined)[] {
  switch (content.kind) {
    case 'media': {
      const { media, text } = content
      return [media.kind === 'document' ? media.fileName : undefined, text]
    }
    case 'location':
      return [content.name, content.address, content.text]
    case 'contacts':
      return [...content.cards.map(({ name }) => name), content.text]
    case 'rich':
      return content.parts.map((part) => ('text' in part ? part.text : undefined))
    default:
      return ['text' in content ? content.text : undefined]
  }
}
