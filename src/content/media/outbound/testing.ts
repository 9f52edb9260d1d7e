import { randomBytes } from 'node:crypto'
import { type ChatwootStandIn, startChatwootStandIn } from '../../../../sandbox/chatwoot/server.ts'
import type { ChatwootStandInOptions } from '../../../../sandbox/chatwoot/stand-in.ts'
import { startWasenderStandIn, type WasenderStandIn } from '../../../../sandbox/wasender/server.ts'
import { optionsSchema } from '../../../config/options-schema.ts'
import type { AccountConfig } from '../../../config/schema.ts'
import { type AccountId, asId, type ConversationId } from '../../../kernel/ids.ts'
import { createChatwootClient } from '../../../platforms/chatwoot/client.ts'
import type { Attachment } from '../../../platforms/chatwoot/shapes/message.ts'
import { createWasenderClient } from '../../../platforms/wasender/client.ts'
import { textsOf } from '../../locale/index.ts'
import type { MediaAccount } from '../media-account.ts'

/* What the tests of agents' files share. */

/** First bytes of a file type, Latin-1. */
const HEADS: Readonly<Record<string, string>> = {
  'image/jpeg': '\xff\xd8\xff\xe0',
  'image/png': '\x89PNG\r\n\x1a\n',
  'image/gif': 'GIF89a',
  'image/webp': 'RIFF\x00\x00\x00\x00WEBP',
  'video/mp4': '\x00\x00\x00\x20ftypisom',
  'video/3gpp': '\x00\x00\x00\x20ftyp3gp4',
  'video/quicktime': '\x00\x00\x00\x20ftypqt  ',
  'audio/mpeg': 'ID3\x04\x00',
  'audio/ogg': 'OggS\x00',
  'audio/amr': '#!AMR\n',
  'audio/mp4': '\x00\x00\x00\x20ftypM4A ',
  'application/pdf': '%PDF-1.7\n',
}

/** Random bytes that begin like a file of the type. */
export function sampleFile(type: string, size = 20_000): Uint8Array {
  const bytes = randomBytes(size)
  bytes.write(HEADS[type] ?? '', 'latin1')
  return bytes
}

export type Uploaded = { filename: string; contentType: string; bytes: Uint8Array }

/** Both platforms and an account between them, without a bridge. */
export type MediaWorld = {
  chatwoot: ChatwootStandIn
  wasender: WasenderStandIn
  account(media?: Partial<AccountConfig['options']['media']>): MediaAccount
  /** An agent attaches a file; what the bridge's own schema reads of it. */
  attach(file: Uploaded): Promise<Attachment>
  close(): Promise<void>
}

export async function startMediaWorld(options: ChatwootStandInOptions = {}): Promise<MediaWorld> {
  const chatwoot = await startChatwootStandIn(options)
  const wasender = await startWasenderStandIn()
  const [inbox] = chatwoot.inboxes()
  const agent = chatwoot.agent()
  const conversation = await agent.startConversation({
    inboxId: inbox?.id ?? 0,
    text: 'Hello',
    phone: '+15550001111',
  })
  const id = asId<AccountId>('sales')
  const client = createChatwootClient({
    account: id,
    baseUrl: chatwoot.url,
    accountId: chatwoot.accountId,
    apiAccessToken: chatwoot.adminToken,
  })
  return {
    chatwoot,
    wasender,
    account: (media = {}) => {
      const defaults = optionsSchema.parse({})
      return {
        id,
        baseUrls: { wasender: wasender.apiUrl, chatwoot: chatwoot.url },
        options: { ...defaults, media: { ...defaults.media, ...media } },
        texts: textsOf('en'),
        wasender: createWasenderClient({
          account: id,
          baseUrl: wasender.apiUrl,
          apiKey: wasender.session().apiKey,
          routes: 'unified',
        }),
      }
    },
    attach: async (file) => {
      const { id: messageId } = await agent.reply(conversation.id, null, {
        attachments: [file],
      })
      const messages = await client.messages.list(asId<ConversationId>(conversation.id))
      const [attachment] = messages.find((message) => message.id === messageId)?.attachments ?? []
      if (attachment === undefined) throw new Error('The message has no attachment')
      return attachment
    },
    close: async () => {
      // An upload that broke off is still being cleaned up for a moment.
      await wasender.waitFor(() => wasender.calls.every(({ status }) => status !== 'pending'))
      await Promise.all([chatwoot.close(), wasender.close()])
    },
  }
}
