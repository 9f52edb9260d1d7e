/**
 * Longest text of one WhatsApp message, in UTF-16 units. WhatsApp itself takes about 65,000. The gateway documents no
 * limit, and 4096 is known to work (docs/platforms/wasender.md#sending).
 */
export const WHATSAPP_TEXT_LIMIT = 4096
