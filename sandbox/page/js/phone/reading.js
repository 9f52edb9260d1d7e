import { post } from '../api.js'

/** Long enough to see two grey ticks before they turn blue. */
const READ_AFTER_MS = 900

/** Reads what is on a customer's phone while somebody looks at it. */
export function createReading() {
  /** What was read, by holder: members of a group read for themselves, which the ticks do not show at once. */
  const read = new Set()
  let timer

  return (chat, holder, isLookedAt) => {
    const marks = chat.messages
      .filter(({ author, tick, typed }) => author === 'business' && tick !== 'sent' && !typed)
      .map(({ keyId }) => `${holder} ${keyId}`)
    const isNew = marks.some((mark) => !read.has(mark))
    if (timer !== undefined || !isLookedAt || holder === 'business' || !isNew) return
    timer = setTimeout(() => {
      timer = undefined
      for (const mark of marks) read.add(mark)
      post(`chats/${chat.id}/read`, { from: holder })
    }, READ_AFTER_MS)
  }
}
