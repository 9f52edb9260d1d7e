const NUMBERED = /^(pn|lid):(\d+)$/

const NAMES: Readonly<Record<string, string>> = { pn: 'number', lid: 'hidden number' }

/** Whose chat it is as far as an admin has to know: enough to recognise, too little to call. */
export function shownChat(chat: string): string {
  const [, kind = '', digits = ''] = NUMBERED.exec(chat) ?? []
  if (kind !== '') return `${NAMES[kind]} …${digits.slice(-4)}`
  return chat.startsWith('group:') ? `group …${chat.slice(-4)}` : chat
}
