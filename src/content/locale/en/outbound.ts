/** Words put into WhatsApp messages and notes about what agents send. */
export const outbound = {
  /** In place of a quoted message that has no text, by Chatwoot's type of its first file. */
  quotedFile: {
    image: 'Photo',
    video: 'Video',
    audio: 'Voice message',
    location: 'Location',
    contact: 'Contact',
  } as Readonly<Record<string, string>>,
  quotedOther: 'File',
  /** Above the questions of a form: WhatsApp has no forms, so the customer answers in words. */
  form: 'Please answer:',
  /** Private notes after an agent deleted a message. */
  notDeleted: (why: string) =>
    `This message is still on WhatsApp. ${why} Delete it on the phone if you can.`,
  typedOnPhone: 'It was not sent from here, so only the phone can delete it.',
  tooOldToDelete: 'WhatsApp deletes messages for everyone only in the first two days.',
  deleteRefused: 'WhatsApp did not accept the deletion.',
  noHandle: 'WhatsApp never confirmed it under an id by which it could be deleted.',
}
