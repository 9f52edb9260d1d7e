/** Reasons shown on a failed message, beside the Retry button. */
export const failed = {
  noAddress: 'Not sent: this contact has no WhatsApp number.',
  notOnWhatsapp: 'Not sent: this number is not on WhatsApp.',
  empty: 'Not sent: there is nothing in this message that WhatsApp could show.',
  mayHaveArrived:
    'WhatsApp did not confirm this message. It may have arrived: check on the phone before you send it again.',
  restNotSent: 'The rest of this message was not sent. Press Retry to send it.',
  notDelivered: 'WhatsApp could not deliver this message.',
  /** Why WasenderAPI or the way there refused it, by error code. */
  byCode: {
    'wasender.not_connected':
      'Not sent: WhatsApp was not connected for too long. Ask the admin to connect it, then press Retry.',
    'wasender.rate_limited':
      'Not sent: WasenderAPI allowed no more messages for too long. Press Retry later.',
    'wasender.unavailable': 'Not sent: WasenderAPI was out of order for too long. Press Retry.',
    'wasender.unreachable': 'Not sent: WasenderAPI could not be reached. Press Retry later.',
    'wasender.unauthorized':
      'Not sent: WasenderAPI refuses the API key. Ask the admin to renew it, then press Retry.',
    'wasender.subscription':
      'Not sent: the WasenderAPI subscription has ended. Ask the admin to renew it, then press Retry.',
    'wasender.plan': 'Not sent: the WasenderAPI plan does not allow this. Ask the admin.',
    'wasender.invalid': 'Not sent: WhatsApp does not take this message as it is.',
    'wasender.too_large': 'Not sent: the file is larger than WhatsApp allows.',
    'wasender.not_found': 'Not sent: WhatsApp does not know this number or message (any more).',
    'wasender.refused': 'Not sent: WhatsApp refused this message.',
    'wasender.no_route': 'Not sent: WasenderAPI is set up wrongly. Ask the admin.',
    'wasender.redirected': 'Not sent: WasenderAPI is set up wrongly. Ask the admin.',
  } as Readonly<Record<string, string>>,
  /** For any other error from the bridge's own tree; the message names no text, number or secret. */
  refused: (why: string) => `Not sent: ${why}`,
  tooLate: 'Not sent: it could not be delivered in time. Press Retry.',
}
