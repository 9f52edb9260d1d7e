/**
 * Ends a list or a quote without being part of the text. In Markdown a plain line right below a
 * list item or a quote belongs to it ("lazy continuation"); on WhatsApp it does not. A line of one
 * space is a blank line to Markdown and something nobody types, so the way back can tell it from a
 * real empty line and remove it.
 */
export const SEPARATOR = '\n \n'

/** Stands for a leading space: Markdown drops those or makes code of them, WhatsApp shows them. */
export const INDENT = '\u00a0'
