import type { Texts } from '../../locale/index.ts'
import type { FileLostError } from '../../media/inbound/lost.ts'
import { toMarkdown } from '../../message/format/to-markdown.ts'

/** What an agent reads where a file should be. Only documents have names their senders know. */
export function lostFileText({ media, reason }: FileLostError, texts: Texts): string {
  const { lost, named, kinds, reasons } = texts.media
  const kind = kinds[media.kind]
  const what = media.kind === 'document' ? named(kind, toMarkdown(media.fileName)) : kind
  return lost(what, reasons[reason])
}
