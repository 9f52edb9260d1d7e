/** Words put into conversations for what customers send. */
export const inbound = {
  /** In place of a message that cannot be carried. `what` is already in words. */
  unsupported: (what: string) => `[${what}: not shown here, look at the phone]`,
  unknownKind: (node: string) => `Unknown kind of message (${node})`,
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
}
