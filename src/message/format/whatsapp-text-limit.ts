/**
 * Longest text of one WhatsApp message, in UTF-16 units. WhatsApp itself takes about 65,000; the
 * gateway does not document its limit and 4096 is what is known to work (wasender-api.md, the table
 * of `text`).
 */
export const WHATSAPP_TEXT_LIMIT = 4096
