import { post } from '../api.js'

/**
 * Whose phone is in the hand. Both show the same chat: the customer's with the business, and the business's own, whose texts
 * the bridge mirrors into the helpdesk.
 */
export const SIDES = {
  customer: {
    isMine: ({ direction }) => direction === 'sent',
    title: ({ business }) => business,
    about: (person) => `on ${person.name}'s phone`,
    send: (person, text) => post(`people/${person.phone}/messages`, { text }),
    reads: true,
  },
  business: {
    isMine: ({ direction }) => direction === 'received',
    title: (_state, person) => ({ name: person.name, phone: `+${person.phone}` }),
    about: () => 'on the business phone',
    send: (person, text) => post(`people/${person.phone}/typed`, { text }),
    reads: false,
  },
}
