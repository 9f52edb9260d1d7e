import { post } from '../api.js'

/** Long enough to see two grey ticks before they turn blue. */
const READ_AFTER_MS = 900

/** Reads what is on the customer's phone while somebody looks at it. */
export function createReading() {
  let timer
  return (person, isLookedAt) => {
    const isNew = ({ direction, tick, typed }) =>
      direction === 'received' && tick === 'delivered' && !typed
    if (timer !== undefined || !isLookedAt || !person.messages.some(isNew)) return
    timer = setTimeout(() => {
      timer = undefined
      post(`people/${person.phone}/read`)
    }, READ_AFTER_MS)
  }
}
