import type { ChatOf, Finding, Mark, Received } from './types.ts'

export const chatName = ({ account, phone }: ChatOf) => `${account} ${phone}`

/** Whether this is the message with the mark; what was typed on the business's phone is nobody's answer. */
export function isOf(message: Received, mark: Mark): boolean {
  if (message.typed) return false
  return 'text' in mark ? message.text.includes(mark.text) : message.sha256 === mark.sha256
}

export function finding(
  what: Finding['what'],
  direction: Finding['direction'],
  { account, phone }: ChatOf,
  detail: string,
): Finding {
  return { what, account, phone, direction, detail }
}
