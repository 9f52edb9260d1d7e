import { post } from '../api.js'
import { ask } from '../ask.js'
import { byId } from '../dom.js'

const FIELDS = [
  { name: 'phone', label: 'Number, with + and country', value: '+12025550102', type: 'tel' },
  { name: 'text', label: 'First message', value: 'Your bicycle is *ready*.', rows: 3 },
]

/** The button with which an agent writes first. */
export function setUpNewConversation() {
  byId('new-conversation').addEventListener('click', async () => {
    const values = await ask('New conversation', 'Send', FIELDS)
    if (values !== undefined) post('conversations', values)
  })
}
