/** Limits of WhatsApp on an account, by its own numbers for them, for admins and operators. */
export const limits = {
  '463': {
    what: 'WhatsApp lets this account start no new chats at the moment (its error 463). Chats that customers began go on.',
    helps:
      'It passes by itself, mostly within a day. Until then write to nobody new, and have new customers write first. A young number should begin few chats a day.',
  },
  '475': {
    what: 'This account has started as many new conversations as WhatsApp allows in a month (its error 475). Chats that customers began go on.',
    helps:
      'It passes when the month is over. Until then have new customers write first, or use another number.',
  },
}
