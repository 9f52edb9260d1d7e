import { post } from '../api.js'

/** How often the dashboard tells that somebody types. */
const EVERY_MS = 3000

/** Tells that the agent is typing, and that it is over. */
export function createTyping(conversationId) {
  let toldAt = 0
  const tell = (body) => post(`conversations/${conversationId()}/typing`, body)
  return {
    typed(isPrivate) {
      if (conversationId() === undefined || Date.now() - toldAt < EVERY_MS) return
      toldAt = Date.now()
      tell({ private: isPrivate })
    },
    stop() {
      if (toldAt === 0) return
      toldAt = 0
      tell({ isOn: false })
    },
  }
}
