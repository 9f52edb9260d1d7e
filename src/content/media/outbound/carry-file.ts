import { BridgeError } from '../../../kernel/errors.ts'
import type { Attachment } from '../../../platforms/chatwoot/shapes/message.ts'
import type { OutgoingContent } from '../../../platforms/wasender/outgoing-message.ts'
import { chooseKind, type FileKind } from '../../message/outbound/attachment-kind.ts'
import { UNKNOWN_TYPE } from '../../mime-types.ts'
import type { DownloadFile } from '../download.ts'
import { SEND_LIMITS, uploadLimit } from '../limits.ts'
import { nameInUrl, nameToSend } from './file-name.ts'
import { limited } from './file-stream.ts'
import {
  type DescribedFile,
  describeFile,
  isAudio,
  openStored,
  type Prepared,
  type StoredFile,
  type Task,
} from './stored-file.ts'
import { trueType } from './true-type.ts'
import { readCardFile } from './vcard.ts'
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

/** What the dashboard's recorder calls its files. */
const RANDOM_NAME = /^[0-9a-f]{8,}\.[a-z0-9]+$/i

/**
 * Whether an attachment was recorded in the dashboard. Chatwoot does not say; a random hexadecimal name is the only
 * hint (docs/platforms/chatwoot.md#attachments).
 */
export function isRecording(attachment: Attachment): boolean {
  const name = attachment.dataUrl === undefined ? undefined : nameInUrl(attachment.dataUrl)
  return name !== undefined && isAudio(attachment) && RANDOM_NAME.test(name)
}

/** A file that has its address. */
type PlacedFile = {
  url: string
  fileName: string
  caption?: string
}

const withCaption = ({ caption }: PlacedFile) => (caption === undefined ? {} : { caption })

/** How a file of each kind is sent. */
const CONTENT: Readonly<Record<FileKind, (file: PlacedFile) => OutgoingContent>> = {
  image: (file) => ({ kind: 'image', url: file.url, ...withCaption(file) }),
  video: (file) => ({ kind: 'video', url: file.url, ...withCaption(file) }),
  audio: ({ url }) => ({ kind: 'audio', url }),
  document: (file) => ({
    kind: 'document',
    url: file.url,
    fileName: file.fileName,
    ...withCaption(file),
  }),
}

/** The content of the send that carries the file. */
function toContent(kind: FileKind, file: PlacedFile): OutgoingContent {
  return CONTENT[kind](file)
}

/** Decimal, like the limits themselves. */
const UNITS: readonly (readonly [number, string])[] = [
  [1_000_000, 'MB'],
  [1000, 'KB'],
  [1, 'bytes'],
]

/** A limit as people write it: `5 MB`, `1.5 MB`, `512 KB`. Never more than it is. */
export function sizeInWords(bytes: number): string {
  const [unit, name] = UNITS.find(([size]) => bytes >= size) ?? [1, 'bytes']
  return `${Math.floor((bytes / unit) * 10) / 10} ${name}`
}

type Placing = {
  /** What the bytes are. */
  type: string
  /** Bytes, as far as they are known. */
  size: number
  /** Most bytes its kind may have. */
  maxBytes: number
}

/**
 * Puts a file where WasenderAPI can fetch it, and returns that address.
 *
 * By upload the bytes go from the storage to the gateway as they come. By link the gateway gets Chatwoot's
 * own address: it never expires and works for anybody who has it, Chatwoot has to be reachable from the
 * Internet, and the gateway sees whatever type the storage names.
 */
export async function placeFile(
  { account, dataUrl }: Task,
  file: Pick<StoredFile, 'head' | 'body' | 'failure' | 'size'>,
  { type, size, maxBytes }: Placing,
): Promise<string> {
  if (account.options.media.via === 'link') return dataUrl
  // Larger pictures, films and sounds are taken without their type only (docs/platforms/wasender.md#upload). They go out
  // as documents, which WhatsApp shows by their name.
  const contentType = size > uploadLimit(type) ? UNKNOWN_TYPE : type
  const { body, failure } = limited(file, Math.min(maxBytes, uploadLimit(contentType)))
  try {
    const uploaded = await account.wasender.media.upload({
      body,
      contentType,
      ...(file.size === undefined ? {} : { size: file.size }),
    })
    return uploaded.publicUrl
  } catch (error) {
    // The source knows best why its file could not be had; to the upload it just broke off.
    const reason = failure()
    throw reason instanceof BridgeError ? reason : error
  }
}
