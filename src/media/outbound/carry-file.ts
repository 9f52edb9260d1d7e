import { chooseKind, type FileKind } from '../../message/outbound/attachment-kind.ts'
import type { DownloadFile } from '../download.ts'
import { SEND_LIMITS } from '../limits.ts'
import { readCardFile } from './card-file.ts'
import { type DescribedFile, describeFile } from './described-file.ts'
import { nameToSend } from './file-name.ts'
import { placeFile } from './place-file.ts'
import type { Prepared, Task } from './prepared.ts'
import { isRecording } from './recording.ts'
import { sizeInWords } from './size-in-words.ts'
import { openStored, type StoredFile } from './stored-file.ts'
import { toContent } from './to-content.ts'
import { trueType } from './true-type.ts'
import type { VoiceEncoder } from './voice-encoder.ts'

export type CarryDeps = {
  download: DownloadFile
  voice: VoiceEncoder
}

/**
 * One pass over an attachment: opened, looked at, put where the gateway can fetch it.
 *
 * @throws {FileTooLargeError} it went on after the limit of its kind; it may still fit another
 * @throws {VoiceEncodingError} it is sent as it is
 */
export async function carryFile(deps: CarryDeps, task: Task): Promise<Prepared> {
  const { account, attachment, dataUrl, options } = task
  const announced = factsOf(task, describeFile(attachment))
  const early = choose(task, announced)
  if (early.kind === 'too-large') return tooLarge(task, early.maxBytes)
  const file = await openStored(deps.download, account, dataUrl, options.attempts)
  try {
    if (file.head.byteLength === 0) return { refuse: account.texts.files.empty }
    return await carryOpened(deps, task, file)
  } finally {
    file.close()
  }
}

async function carryOpened(deps: CarryDeps, task: Task, file: StoredFile): Promise<Prepared> {
  const described = describeFile(task.attachment, file.served)
  const type = trueType(described.type, file.head)
  const facts = factsOf(task, { ...described, type, size: file.size ?? described.size ?? 0 })
  if (await isToBeEncoded(deps.voice, task, type)) {
    const encoded = { ...file, body: deps.voice.encode(file.body), size: undefined }
    // How large a voice note gets, nobody knows before; far smaller than the recording.
    const note = { ...facts, type: 'audio/ogg', size: 0 }
    return place(task, encoded, 'audio', note, SEND_LIMITS.audio.bytes)
  }
  const choice = choose(task, facts)
  if (choice.kind === 'too-large') return tooLarge(task, choice.maxBytes)
  if (choice.kind !== 'contact') return place(task, file, choice.kind, facts, choice.maxBytes)
  const { card, again } = await readCardFile(file, choice.maxBytes)
  if (card !== undefined) return { content: { kind: 'contact', ...card } }
  return place(task, { ...file, ...again }, 'document', facts, choice.maxBytes)
}

async function place(
  task: Task,
  file: Pick<StoredFile, 'head' | 'body' | 'failure' | 'size'>,
  kind: FileKind,
  facts: DescribedFile,
  maxBytes: number,
): Promise<Prepared> {
  const { caption } = task.options
  const url = await placeFile(task, file, { type: facts.type, size: facts.size ?? 0, maxBytes })
  const fileName = nameToSend(facts.name, facts.type)
  const content = toContent(kind, { url, fileName, ...(caption === undefined ? {} : { caption }) })
  return { content }
}

/** Recordings become voice notes, unless the words that came with them need a document. */
async function isToBeEncoded(voice: VoiceEncoder, task: Task, type: string): Promise<boolean> {
  const { attachment, options, learned, account } = task
  if (learned.notEncodable || options.caption !== undefined || type === 'audio/ogg') return false
  if (account.options.media.via === 'link') return false
  if (!(options.voice ?? isRecording(attachment))) return false
  return voice.isAvailable()
}

function factsOf({ learned }: Task, described: DescribedFile): DescribedFile {
  return { ...described, size: Math.max(described.size ?? 0, learned.atLeast) }
}

function choose({ account, options }: Task, { type, size = 0 }: DescribedFile) {
  const { caption } = options
  return chooseKind(
    { type, size, ...(caption === undefined ? {} : { caption }) },
    account.options.media.maxBytes,
  )
}

function tooLarge({ account }: Task, maxBytes: number): Prepared {
  return { refuse: account.texts.files.tooLarge(sizeInWords(maxBytes)) }
}
