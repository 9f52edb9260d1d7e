import type { MediaKind } from '../../message/canonical.ts'

/** Put into a conversation in place of a file of a customer's that cannot be had. */
export const media = {
  /** `what` names the file, `why` is one of the reasons below. */
  lost: (what: string, why: string) => `[${what}: ${why} Look at the phone.]`,
  named: (kind: string, fileName: string) => `${kind} ${fileName}`,
  kinds: {
    image: 'Image',
    video: 'Video',
    gif: 'GIF',
    round: 'Round video',
    audio: 'Audio',
    voice: 'Voice message',
    document: 'Document',
    sticker: 'Sticker',
  } satisfies Record<MediaKind, string>,
  reasons: {
    gone: 'WhatsApp no longer has the file.',
    damaged: 'the file arrived damaged.',
    tooLarge: 'the file is too large to be brought here.',
    unavailable: 'the file could not be fetched.',
  },
}
