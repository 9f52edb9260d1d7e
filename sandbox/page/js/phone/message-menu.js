import { post } from '../api.js'
import { ask } from '../ask.js'

const EMOJIS = {
  '👍': 'thumbs up',
  '❤️': 'heart',
  '😂': 'laughing',
  '😮': 'surprised',
  '🎉': 'party',
}

/** What the holder of the phone can do with a message. */
export function messageMenu(message, { holder, chat, quote }) {
  const { keyId, author, reactions, deletedAt, kind } = message
  const on = { from: holder, keyId }
  const isMine = author === holder
  const given = reactions.find((reaction) => reaction.author === holder)?.emoji
  const react = ([emoji, name]) => ({
    label: given === emoji ? `Take back ${name}` : `React with ${name}`,
    emoji,
    run: () => post(`chats/${chat}/react`, { ...on, emoji: given === emoji ? '' : emoji }),
  })
  const edit = async () => {
    const fields = [{ name: 'text', label: 'Text', value: message.text, rows: 3 }]
    const values = await ask('Edit the message', 'Save', fields)
    if (values !== undefined) post(`chats/${chat}/edit`, { ...on, text: values.text })
  }
  if (deletedAt !== undefined) return []
  return [
    ...Object.entries(EMOJIS).map(react),
    { label: 'Reply', run: () => quote(message) },
    ...(isMine && kind === 'text' ? [{ label: 'Edit', run: edit }] : []),
    ...(isMine
      ? [{ label: 'Delete for everyone', run: () => post(`chats/${chat}/delete`, on) }]
      : []),
  ]
}
