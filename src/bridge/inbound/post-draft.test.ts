import { describe, expect, it } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import { textsOf } from '../../content/locale/index.ts'
import type { InboundMedia, OpenRequest } from '../../content/media/inbound/inbound-media.ts'
import {
  FileLostError,
  type LossReason,
  MAX_FAILURES,
} from '../../content/media/inbound/verdict.ts'
import type { MediaKind, MediaRef } from '../../content/message/canonical.ts'
import type { ChatwootDraft } from '../../content/message/inbound/draft.ts'
import { OutcomeUnknownError, PermanentError, TransientError } from '../../kernel/errors.ts'
import { asId, type ConversationId, type KeyId, type MessageId } from '../../kernel/ids.ts'
import type {
  NewMessage,
  NewMessageWithAttachments,
} from '../../platforms/chatwoot/api/messages.ts'
import type { Message } from '../../platforms/chatwoot/shapes/message.ts'
import type { Journal } from '../sends/journal.ts'
import { isFileTrouble, type Posting, postDraft as writeDraft } from './deliver-inbound.ts'

const KEY_ID = asId<KeyId>('3EB0F00D')

const mediaRef = (kind: MediaKind, fileName: string): MediaRef => ({
  kind,
  node: 'documentMessage',
  raw: {},
  mimetype: 'audio/ogg',
  fileName,
})
const photo = mediaRef('image', 'photo.jpg')

/** Refuses uploads as long as there are errors in it. */
function world(options: { lost?: Map<MediaRef, LossReason>; uploadErrors?: unknown[] } = {}) {
  const { lost = new Map(), uploadErrors = [] } = options
  const posts: (NewMessage & Partial<NewMessageWithAttachments>)[] = []
  const opened: OpenRequest[] = []
  let closed = 0

  const create = async (_id: unknown, message: NewMessage) => {
    posts.push(message)
    return { id: asId<MessageId>(posts.length) }
  }
  const account = {
    id: 'sales',
    texts: textsOf('en'),
    options: {},
    chatwoot: {
      messages: {
        create,
        createWithAttachments: async (id: unknown, message: NewMessageWithAttachments) => {
          const error = uploadErrors.shift()
          if (error !== undefined) throw error
          return create(id, message)
        },
      },
    },
  } as unknown as Account
  const inboundMedia: InboundMedia = {
    open: async (_account, request) => {
      opened.push(request)
      const { media } = request
      const reason = lost.get(media)
      if (reason !== undefined) throw new FileLostError(media, reason)
      return {
        fileName: media.fileName,
        contentType: media.mimetype,
        body: async () => new ReadableStream(),
        close: () => {
          closed += 1
        },
      }
    },
  }
  const journal = { byKeyId: async () => undefined } as unknown as Journal
  const postDraft = (posting: Posting) => writeDraft(posting, { journal, inboundMedia })
  return {
    posts,
    opened,
    closed: () => closed,
    post: (draft: Partial<ChatwootDraft>, posting: Partial<Posting> = {}) =>
      postDraft({
        account,
        conversation: asId<ConversationId>(7),
        draft: { content: '', files: [], notes: [], ...draft },
        keyId: KEY_ID,
        fromMe: false,
        shown: 'incoming',
        earlier: [],
        fileFailures: 0,
        ...posting,
      }),
  }
}

const whatsapp = (...media: MediaRef[]) =>
  media.map((one) => ({ from: 'whatsapp' as const, media: one }))

describe('posting a draft', () => {
  it('is one call for a text', async () => {
    const { post, posts, opened } = world()
    await post({ content: 'Hello' })
    expect(posts).toEqual([
      expect.objectContaining({ content: 'Hello', messageType: 'incoming', sourceId: KEY_ID }),
    ])
    expect(posts[0]).not.toHaveProperty('attachments')
    expect(opened).toEqual([])
  })

  it('uploads files with their caption, and lets go of them', async () => {
    const { post, posts, opened, closed } = world()
    const voice = mediaRef('voice', 'voice.ogg')
    await post({ content: 'Look', files: whatsapp(voice) }, { fileFailures: 3 })
    expect(posts).toMatchObject([
      {
        content: 'Look',
        attachments: [{ fileName: 'voice.ogg', contentType: 'audio/ogg', isVoice: true }],
      },
    ])
    expect(opened).toEqual([{ keyId: KEY_ID, media: voice, failures: 3 }])
    expect(closed()).toBe(1)
  })

  it('puts several cards into one message', async () => {
    const { post, posts } = world()
    const card = (fileName: string) =>
      ({ from: 'text', fileName, contentType: 'text/vcard', text: 'BEGIN:VCARD' }) as const
    await post({ content: 'Two people', files: [card('a.vcf'), card('b.vcf')] })
    const [message] = posts
    expect(message?.attachments?.map(({ fileName }) => fileName)).toEqual(['a.vcf', 'b.vcf'])
    const [first] = message?.attachments ?? []
    expect(await (first!.body as Blob).text()).toBe('BEGIN:VCARD')
  })

  it('adds private notes that are told apart', async () => {
    const { post, posts } = world()
    expect(await post({ content: 'Hi', notes: ['From an ad {{x}}', 'Second'] })).toBe(1)
    expect(posts.slice(1)).toMatchObject([
      { private: true, messageType: 'outgoing', sourceId: `${KEY_ID}:note:1` },
      { private: true, messageType: 'outgoing', sourceId: `${KEY_ID}:note:2`, content: 'Second' },
    ])
    expect(posts[1]?.content).not.toContain('{{x}}')
  })

  it('writes again only what is missing', async () => {
    const { post, posts } = world()
    const earlier = [
      { id: asId<MessageId>(40), sourceId: KEY_ID },
      { id: asId<MessageId>(41), sourceId: `${KEY_ID}:note:1` },
    ] as Message[]
    const draft = { content: 'Hi', files: whatsapp(photo), notes: ['First', 'Second'] }
    expect(await post(draft, { earlier })).toBe(40)
    expect(posts.map(({ sourceId }) => sourceId)).toEqual([`${KEY_ID}:note:2`])
  })
})

describe('a lost file', () => {
  it.each<[LossReason, MediaRef, RegExp]>([
    ['gone', photo, /^Caption\n\n\[Image: .*phone\.\]$/s],
    ['damaged', mediaRef('voice', 'a.ogg'), /\[Voice message: .*damaged/],
    ['tooLarge', mediaRef('document', 'price_list.pdf'), /\[Document price.list\.pdf: .*too large/],
    ['unavailable', mediaRef('sticker', 'a.webp'), /\[Sticker: /],
  ])('that is %s leaves the text and says so', async (reason, media, words) => {
    const { post, posts } = world({ lost: new Map([[media, reason]]) })
    await post({ content: 'Caption', files: whatsapp(media) })
    expect(posts).toHaveLength(1)
    expect(posts[0]?.content).toMatch(words)
    expect(posts[0]).not.toHaveProperty('attachments')
  })

  it('does not take the others with it', async () => {
    const video = mediaRef('video', 'a.mp4')
    const { post, posts, closed } = world({ lost: new Map([[photo, 'gone']]) })
    await post({ files: whatsapp(photo, video) })
    expect(posts).toMatchObject([{ attachments: [{ fileName: 'a.mp4' }] }])
    expect(posts[0]?.content).toMatch(/^\[Image: /)
    expect(closed()).toBe(1)
  })

  it('that turns out damaged on its way is left out of a second post', async () => {
    const uploadErrors = [new FileLostError(photo, 'damaged')]
    const { post, posts, opened, closed } = world({ uploadErrors })
    await post({ content: 'Caption', files: whatsapp(photo) })
    expect(posts.map(({ content }) => content)).toEqual([expect.stringContaining('damaged')])
    expect([opened.length, closed()]).toEqual([1, 1])
  })

  it('that no proxy lets pass is named too large', async () => {
    const refused = new PermanentError('413', { code: 'chatwoot.too_large' })
    const { post, posts } = world({ uploadErrors: [refused] })
    await post({ files: whatsapp(photo) })
    expect(posts[0]?.content).toMatch(/too large/)
  })

  it('counts as lost when uploads break off again and again', async () => {
    const brokeOff = new TransientError('broke', { code: 'chatwoot.upload_broke_off' })
    const { post, posts } = world({ uploadErrors: [brokeOff, brokeOff] })
    await expect(post({ files: whatsapp(photo) })).rejects.toBe(brokeOff)
    await post({ files: whatsapp(photo) }, { fileFailures: MAX_FAILURES - 1 })
    expect(posts[0]?.content).toMatch(/could not be fetched/)
  })
})

it.each([
  [new TransientError('x', { code: 'media.not_now' }), true],
  [new TransientError('x', { code: 'chatwoot.upload_broke_off' }), true],
  [new TransientError('x', { code: 'chatwoot.unreachable' }), false],
  [new OutcomeUnknownError('x', { code: 'chatwoot.answer_lost' }), false],
  [new Error('media.not_now'), false],
])('%o is trouble with a file: %s', (error, expected) => {
  expect(isFileTrouble(error)).toBe(expected)
})

it('other failures are left to the lane', async () => {
  const lost = new OutcomeUnknownError('lost', { code: 'chatwoot.answer_lost' })
  const { post, closed } = world({ uploadErrors: [lost] })
  await expect(post({ files: whatsapp(photo) })).rejects.toBe(lost)
  expect(closed()).toBe(1)
})
