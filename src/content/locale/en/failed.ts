const NEW_CHATS =
  'WhatsApp refused this message: at the moment this account may not start new chats. That passes by itself, mostly within a day; press Retry then. Chats that customers began go on.'
const MONTHLY =
  'WhatsApp refused this message: this account has started as many new conversations as WhatsApp allows in a month. Press Retry later. Chats that customers began go on.'

/** Why WhatsApp itself refused a message, by its own number for the reason. */
export const refusals: Readonly<Record<string, string>> = {
  '429':
    'WhatsApp refused this message: too many were sent in a short time. Wait before you retry.',
  '463': NEW_CHATS,
  '475': MONTHLY,
}

/** Reasons shown on a failed message, beside the Retry button. */
export const failed = {
  noAddress: 'Not sent: this contact has no WhatsApp number.',
  notOnWhatsapp: 'Not sent: this number is not on WhatsApp.',
  empty: 'Not sent: there is nothing in this message that WhatsApp could show.',
  mayHaveArrived:
    'WhatsApp did not confirm this message. It may have arrived: check on the phone before you send it again.',
  unproven:
    'WhatsApp took this message, but after a day nothing shows that it has arrived. It went to an id of WhatsApp’s instead of a phone number. Check on the phone before you send it again.',
  maybeBeforeLoss:
    'The bridge does not know any more whether it has sent this message: check on the phone, then press Retry if it is not there.',
  restNotSent: 'The rest of this message was not sent. Press Retry to send it.',
  notDelivered: 'WhatsApp could not deliver this message.',
  /** Why WasenderAPI or the way there refused it, by error code. */
  byCode: {
    'bridge.poison':
      'Not sent: the bridge broke down over this message. Send it again in another form, without its file.',
    'wasender.not_connected':
      'Not sent: WhatsApp was not connected for too long. Ask the admin to connect it, then press Retry.',
    'wasender.rate_limited':
      'Not sent: WasenderAPI allowed no more messages for too long. Press Retry later.',
    'wasender.unavailable': 'Not sent: WasenderAPI was out of order for too long. Press Retry.',
    'wasender.challenged':
      'Not sent: a protection page in front of WasenderAPI turned the bridge away for too long. Tell the admin, then press Retry.',
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
    'wasender.not_on_whatsapp': 'Not sent: this number is not on WhatsApp.',
    'wasender.new_chats_limited': NEW_CHATS,
    'wasender.monthly_limit': MONTHLY,
    'wasender.no_route': 'Not sent: WasenderAPI is set up wrongly. Ask the admin.',
    'wasender.redirected': 'Not sent: WasenderAPI is set up wrongly. Ask the admin.',
  } as Readonly<Record<string, string>>,
  /** What the gateway itself says of a refusal, cleaned and cut. */
  saying: (reason: string, words: string) => `${reason} WasenderAPI says: ${words}`,
  /** For any other error from the bridge's own tree; the message names no text, number or secret. */
  refused: (why: string) => `Not sent: ${why}`,
  tooLate: 'Not sent: it could not be delivered in time. Press Retry.',
}
