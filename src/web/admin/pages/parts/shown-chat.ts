const OF_SOMEBODY = /^(?:([a-z-]+):)?(pn|lid|group):([^@]*)/

const NAMES: Readonly<Record<string, string>> = {
  pn: 'number',
  lid: 'hidden number',
  group: 'group',
}

const OF_CONVERSATION = /^(conversation|waiting):(\d+)$/
/** Longer than any number that means nobody. */
const NUMBER = /\d{7,}/g

/** Whose chat or lane it is as far as an admin has to know: enough to recognise, too little to call. */
export function shownChat(chat: string): string {
  const [, about, kind = '', id = ''] = OF_SOMEBODY.exec(chat) ?? []
  if (kind !== '') {
    const shown = `${NAMES[kind]} …${id.slice(-4)}`
    return about === undefined ? shown : `${shown} (${about})`
  }
  const [, what, conversation] = OF_CONVERSATION.exec(chat) ?? []
  if (conversation !== undefined) {
    return what === 'conversation'
      ? `conversation ${conversation}`
      : `conversation ${conversation} (${what})`
  }
  return chat.replace(NUMBER, (digits) => `…${digits.slice(-4)}`)
}
