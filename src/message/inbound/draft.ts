import type { KeyId } from '../../ids.ts'
import type { Texts } from '../../locale/index.ts'
import type { CanonicalMessage, Content } from '../canonical.ts'
import { toMarkdown } from '../format/to-markdown.ts'

/** What is written into a Chatwoot conversation. */
export type ChatwootDraft = {
  /** Markdown. */
  content: string
  /** The WhatsApp id of the quoted message. */
  quotes?: KeyId
}

/** Words a canonical message for an agent. `author` is put before it, as in groups. */
export function draftFor(
  message: CanonicalMessage,
  texts: Texts,
  author?: string | undefined,
): ChatwootDraft {
  const body = wordsOf(message.content, texts)
  const content = author === undefined ? body : `**${toMarkdown(author)}**\n${body}`
  return message.quotes === undefined ? { content } : { content, quotes: message.quotes }
}

function wordsOf(content: Content, texts: Texts): string {
  if (content.kind === 'text') return toMarkdown(content.text)
  if (content.kind !== 'unsupported') return ''
  const { unsupported, kinds, unknownKind } = texts.inbound
  const note = unsupported(kinds[content.what] ?? unknownKind(content.what))
  return content.text === undefined ? note : `${toMarkdown(content.text)}\n\n${note}`
}
