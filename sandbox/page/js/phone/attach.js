import { post } from '../api.js'
import { ask } from '../ask.js'
import { pickFiles } from '../files.js'
import { openMenu } from '../menu.js'
import { menus } from '../menus.js'

const SAMPLES = {
  photo: 'Photo',
  clip: 'Video',
  voice: 'Voice note',
  paper: 'Document',
  sticker: 'Sticker',
}

/** What is asked for before something is sent, and what becomes of the answers. */
const FORMS = {
  location: {
    title: 'Send a location',
    fields: [
      { name: 'name', label: 'Name', value: 'Central station' },
      { name: 'latitude', label: 'Latitude', value: '52.525' },
      { name: 'longitude', label: 'Longitude', value: '13.369' },
    ],
    said: (values) => values,
  },
  contact: {
    title: 'Send a contact',
    fields: [
      { name: 'name', label: 'Name', value: 'John Example' },
      { name: 'phone', label: 'Number', value: '+12025550102', type: 'tel' },
    ],
    said: (values) => values,
  },
  poll: {
    title: 'Send a poll',
    fields: [
      { name: 'question', label: 'Question', value: 'When shall I come?' },
      { name: 'options', label: 'Options, one per line', value: 'Today\nOn Friday', rows: 3 },
    ],
    said: ({ question, options }) => ({
      question,
      options: options.split('\n').filter((option) => option.trim() !== ''),
    }),
  },
}

/** Everything but text that can be sent from a phone. */
export function attachMenu({ holder, chat, isGroup, button }) {
  const say = (said) => post(`chats/${chat}/say`, { from: holder, said })
  const sample = ([name, label]) => ({
    label,
    run: () => say({ kind: 'file', file: { sample: name } }),
  })
  const form = ([kind, { title, fields, said }]) => ({
    label: `${title.replace('Send a ', '').replace(/^./, (first) => first.toUpperCase())} …`,
    run: async () => {
      const values = await ask(title, 'Send', fields)
      if (values !== undefined) say({ kind, ...said(values) })
    },
  })
  const own = {
    label: 'A file of yours …',
    run: async () => {
      for (const file of await pickFiles()) await say({ kind: 'file', file })
    },
  }
  const call = { label: 'Missed call', run: () => post(`chats/${chat}/call`, { from: holder }) }
  const more = { label: 'More kinds …', run: () => moreKinds({ holder, chat, button }) }
  const isCustomer = holder !== 'business' && !isGroup
  return [
    ...Object.entries(SAMPLES).map(sample),
    own,
    ...Object.entries(FORMS).map(form),
    ...(isCustomer ? [call, more] : []),
  ]
}

/** What takes more than a file or a form, below headings. */
async function moreKinds({ holder, chat, button }) {
  const { kinds } = await menus
  const itemOf = ({ id, label }) => ({
    label,
    run: () => post(`chats/${chat}/kinds`, { from: holder, kind: id }),
  })
  openMenu(
    button,
    kinds.map(({ name, choices }) => ({ name, items: choices.map(itemOf) })),
  )
}
