/**
 * Every text the bridge itself shows to agents and customers, in English. Another language is another file of
 * the same shape. Texts say what happened and what to do; they are shown next to messages, so they are short.
 */
export const en = {
  /** In place of a message that cannot be carried. `what` is already in words. */
  unsupported: (what: string) => `[${what}: not shown here, look at the phone]`,
  /** Names of WhatsApp's message kinds, by their node. */
  kinds: {
    imageMessage: 'Image',
    videoMessage: 'Video',
    ptvMessage: 'Round video',
    audioMessage: 'Audio',
    documentMessage: 'Document',
    stickerMessage: 'Sticker',
    locationMessage: 'Location',
    liveLocationMessage: 'Live location',
    contactMessage: 'Contact card',
    contactsArrayMessage: 'Contact cards',
    reactionMessage: 'Reaction',
    pollCreationMessage: 'Poll',
    pollCreationMessageV2: 'Poll',
    pollCreationMessageV3: 'Poll',
    groupInviteMessage: 'Group invitation',
    eventMessage: 'Event',
    orderMessage: 'Order',
    productMessage: 'Product',
    pinInChatMessage: 'Pinned message',
  } as Readonly<Record<string, string>>,
  unknownKind: (node: string) => `Unknown kind of message (${node})`,

  groupFallbackName: 'WhatsApp group',
  channelFallbackName: 'WhatsApp channel',
  personFallbackName: 'WhatsApp contact',

  /** Reasons shown on a failed message, beside the Retry button. */
  failed: {
    noAddress: 'Not sent: this contact has no WhatsApp number.',
    attachment: 'Not sent: attachments are not carried yet. Send the file from the phone.',
    empty: 'Not sent: the message is empty.',
    mayHaveArrived:
      'WhatsApp did not confirm this message. It may have arrived: check on the phone before you send it again.',
    notOnWhatsapp: 'Not sent: this number is not on WhatsApp.',
    notDelivered: 'WhatsApp could not deliver this message.',
    refused: (why: string) => `Not sent: ${why}`,
    tooLate: 'Not sent: it could not be delivered in time.',
  },
} as const

export type Texts = typeof en
