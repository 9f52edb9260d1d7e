import type { KeyId } from '../../../kernel/ids.ts'
import { cutText } from '../../../kernel/text.ts'
import { compact } from '../../../platforms/wasender/events/fields.ts'
import type { Texts } from '../../locale/index.ts'
import type {
  AdReferral,
  CanonicalMessage,
  ContactCard,
  Content,
  MediaRef,
  Quoted,
} from '../canonical.ts'
import { fileNameOf } from './file-name.ts'
import {
  bold,
  code,
  labelOf,
  linesOf,
  link,
  type NameOf,
  nameMentions,
  plain,
  plainLine,
  small,
} from './inline.ts'
import { knownName } from './rich/rich-wording.ts'
import { wordsFor } from './wording.ts'

/** A file of a draft: one of WhatsApp's, or one made of text. */
export type DraftFile =
  | { from: 'whatsapp'; media: MediaRef }
  | { from: 'text'; fileName: string; contentType: string; text: string }

/** What is written into a Chatwoot conversation. */
export type ChatwootDraft = {
  /** Markdown; empty when the files say it all. */
  content: string
  /** The WhatsApp id of the quoted message. */
  quotes?: KeyId
  files: DraftFile[]
  /** Markdown of private notes that follow the message. */
  notes: string[]
  /** A line that nobody wrote. */
  asActivity?: boolean
}

/** What a draft depends on besides the message. */
export type DraftContext = {
  texts: Texts
  /** Who wrote it, put before the text, as in groups. For what nobody wrote, such as a rename: who did it, behind the text. */
  author?: string | undefined
  /** Written or done on the business's own phone. */
  fromMe?: boolean | undefined
  /** Names of people mentioned, or joined to a group. */
  nameOf?: NameOf | undefined
  /** Chatwoot has the message that is answered, and shows it. */
  isQuoteShown?: boolean | undefined
  /** It was written then, ms since 1970, and not about now. */
  writtenAt?: number | undefined
  /** It is kept as a note, which does not say who wrote it. */
  isHistory?: boolean | undefined
  /** Who wrote that message, as in groups. */
  quotedAuthor?: string | undefined
}

/**
 * What WhatsApp itself takes in one message. As Markdown it may be twice as long, which Chatwoot still takes with all
 * that stands around it. Longer texts come from programs; they are shown as far as this and go along as a file.
 */
const LONGEST_TEXT = 65_536

/** Words a canonical message for an agent. Pure. */
export function draftFor(message: CanonicalMessage, context: DraftContext): ChatwootDraft {
  const { content, whole } = shownContent(message.content, context.texts)
  const { texts, author, fromMe = false, nameOf = nobody } = context
  const words = wordsFor(content, { texts, fromMe, nameOf })
  const body = nameMentions(words, message.mentions, nameOf, message.mentionedGroups)
  const isSystem = content.kind === 'system'
  const quote = quoteOf(message, context)
  return {
    content: isSystem
      ? linesOf(withDoer(body, content, context))
      : linesOf(bold(author ?? ''), marksOf(message, context), withQuote(quote, body)),
    files: [...filesOf(message), ...whole],
    notes: message.ad === undefined ? [] : [adNote(message.ad, texts)],
    ...compact({
      quotes: 'target' in content ? content.target : message.quotes,
      asActivity: isSystem ? true : undefined,
    }),
  }
}

/** Who did it, unless the line itself says whom it is about and it is nobody else. */
function withDoer(line: string, content: Content, context: DraftContext): string {
  const { texts, author, nameOf = nobody } = context
  if (author === undefined || content.kind !== 'system') return line
  const [name, ...others] = content.names
  const isOwnDoing =
    name !== undefined && others.length === 0 && labelOf(name, nameOf, texts) === plain(author)
  return isOwnDoing ? line : texts.inbound.system.by(line, plain(author))
}

/** The message that is answered in words, unless Chatwoot shows it. */
function quoteOf({ quoted }: CanonicalMessage, context: DraftContext): string {
  const { texts, fromMe = false, nameOf = nobody, quotedAuthor, isQuoteShown } = context
  if (quoted === undefined || isQuoteShown === true) return ''
  return quoteWords(quoted, { texts, fromMe, nameOf, from: quotedAuthor })
}

/** Without an empty line between them Markdown would take what is written for a part of the quote. */
function withQuote(quote: string, body: string): string {
  return [quote, body].filter((part) => part !== '').join('\n\n')
}

function shownContent(content: Content, texts: Texts): { content: Content; whole: DraftFile[] } {
  if (!('text' in content) || content.text === undefined || content.text.length <= LONGEST_TEXT) {
    return { content, whole: [] }
  }
  const { text } = content
  const { mark, fileName } = texts.inbound.longText
  return {
    content: { ...content, text: cutText(text, LONGEST_TEXT, `…\n${mark}`) },
    whole: [{ from: 'text', fileName, contentType: 'text/plain', text }],
  }
}

const nobody: NameOf = () => undefined

/** What WhatsApp shows in small print above a message. */
function marksOf({ content, forwarded, viewOnce }: CanonicalMessage, context: DraftContext) {
  const { marks } = context.texts.inbound
  // Businesses wrap what has buttons in the envelope of view-once messages, which phones do not show.
  const isShown = content.kind !== 'unsupported' && content.kind !== 'rich'
  const found = [
    ...dateOf(context),
    ...(content.kind === 'edit' ? [marks.edited] : []),
    ...(forwarded === true ? [marks.forwarded] : []),
    ...(viewOnce === true && isShown ? [marks.viewOnce] : []),
  ]
  return found.length === 0 ? undefined : small(found.join(', '))
}

/** Chatwoot dates everything as of when it was brought there. */
function dateOf({ texts, writtenAt, isHistory, fromMe }: DraftContext): string[] {
  const { written } = texts.inbound
  if (writtenAt === undefined) return []
  if (isHistory !== true) return [written.late(writtenAt)]
  return [fromMe ? written.onPhone(writtenAt) : written.byCustomer(writtenAt)]
}

function filesOf({ content }: CanonicalMessage): DraftFile[] {
  if (content.kind === 'media') return [{ from: 'whatsapp', media: content.media }]
  if (content.kind === 'rich') return content.files.map((media) => ({ from: 'whatsapp', media }))
  return content.kind === 'contacts' ? vcfFiles(content.cards) : []
}

/** Meta's ids are shorter by far. */
const LONGEST_ID = 500

/** Agents hand the ids on to who pays for the ads: the click id is what Meta wants to hear of a sale by. */
function adNote(ad: AdReferral, { inbound }: Texts): string {
  const { title, body, url, sourceId, clickId } = ad
  const { heading, id, click } = inbound.ad
  return linesOf(
    heading,
    bold(title ?? ''),
    plain(body ?? ''),
    link(url),
    sourceId === undefined ? undefined : id(plain(cutText(sourceId, LONGEST_ID))),
    clickId === undefined ? undefined : click(code(cutText(clickId, LONGEST_ID))),
  )
}

/** As many files as a message of Chatwoot may have (docs/platforms/chatwoot.md#uploads). */
const MOST_FILES = 15

/** The cards of a message as files, so that nothing of them is lost: addresses, birthdays, pictures. */
function vcfFiles(cards: readonly ContactCard[]): DraftFile[] {
  const written = cards.filter(({ vcard }) => vcard.trim() !== '')
  const [first] = written
  if (first !== undefined && written.length > MOST_FILES) {
    const all = written.map(({ vcard }) => vcard.trim()).join('\n')
    return vcfFiles([{ ...first, name: `${first.name} + ${written.length - 1}`, vcard: all }])
  }
  return written.map(({ name, vcard }) => ({
    from: 'text',
    // With the ending in place, a name with a dot in it is not taken for one with an ending of its own.
    fileName: fileNameOf({ kind: 'document', mimetype: 'text/vcard', names: [`${name}.vcf`] }),
    contentType: 'text/vcard',
    text: vcard,
  }))
}

/** Enough to know a message again by. */
const LONGEST_QUOTE = 300

type QuoteContext = {
  texts: Texts
  /** The answer was written on the business's own phone. */
  fromMe: boolean
  /** Who wrote what is answered, where that is not clear. */
  from?: string | undefined
  nameOf: NameOf
}

/** A message that is answered and not in Chatwoot, as a short quote in Markdown. */
function quoteWords(quoted: Quoted, context: QuoteContext): string {
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
