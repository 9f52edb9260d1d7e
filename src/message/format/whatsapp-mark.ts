/** Marks of WhatsApp: bold, italic, strikethrough. */
export type WhatsAppMark = '*' | '_' | '~'
