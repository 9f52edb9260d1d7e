import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

/** A piece of a page: everything put into it was escaped. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

export const nothing: Html = raw('')

export { html, raw }
