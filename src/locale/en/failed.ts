/** Reasons shown on a failed message, beside the Retry button. */
export const failed = {
  noAddress: 'Not sent: this contact has no WhatsApp number.',
  notOnWhatsapp: 'Not sent: this number is not on WhatsApp.',
  attachment: 'Not sent: attachments are not carried yet. Send the file from the phone.',
  empty: 'Not sent: the message is empty.',
  mayHaveArrived:
    'WhatsApp did not confirm this message. It may have arrived: check on the phone before you send it again.',
  notDelivered: 'WhatsApp could not deliver this message.',
  refused: (why: string) => `Not sent: ${why}`,
  tooLate: 'Not sent: it could not be delivered in time.',
}
