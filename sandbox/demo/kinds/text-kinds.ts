import { type Kind, sends } from './kind.ts'

const DAY_MS = 24 * 3_600_000
const LIST = '1700000010@broadcast'

/** Words that come in an unusual way. */
export const TEXT_KINDS: readonly Kind[] = [
  {
    id: 'decrypted-late',
    label: 'Text that is decrypted late',
    promise: 'a message that is decrypted on second try arrives',
    send: ({ person }) => {
      const stub = person.sendRaw(undefined, { extra: { messageStubType: 2 } })
      return [stub, person.sendText('Now you can read it', { keyId: stub.keyId })]
    },
    shown: [{ content: /^Now you can read it$/ }],
  },
  {
    id: 'encrypted-edit',
    label: 'Encrypted edit, and its text',
    promise: 'an encrypted edit whose text is told is shown as that text alone',
    send: ({ person }) => {
      const price = person.sendText('The price is 100')
      return [price, person.edit(price.keyId, 'The price is 120', { isEncrypted: true })]
    },
    shown: [{ content: /^The price is 100$/ }, { content: /The price is 120/, quotes: 0 }],
  },
  {
    id: 'encrypted-edit-only',
    label: 'Encrypted edit',
    promise: 'an edit that nobody else can read leaves a line',
    send: ({ person }) => {
      const price = person.sendText('It costs 200')
      const told = { isEncrypted: true, events: ['messages.upsert'] }
      return [price, person.edit(price.keyId, 'It costs 220', told)]
    },
    shown: [{ content: /^It costs 200$/ }, { content: /encrypted[\s\S]*phone/, quotes: 0 }],
  },
  {
    id: 'old',
    label: 'Old message',
    promise: 'an old message is a note with its date',
    send: ({ person }) => [
      person.sendText('I wrote this last month', { at: Date.now() - 30 * DAY_MS }),
    ],
    shown: [{ content: /Written.* UTC.*\nI wrote this last month$/, isNote: true }],
  },
  {
    id: 'broadcast-list',
    label: 'Message to a broadcast list',
    promise: 'what a customer writes to a broadcast list is in their chat',
    send: ({ person }) => [person.inChat(LIST).sendText('Dear all, I am away on Friday')],
    shown: [{ content: /^Dear all, I am away on Friday$/ }],
  },
  {
    id: 'forwarded',
    label: 'Forwarded message',
    promise: 'a forwarded message says so',
    send: sends({
      extendedTextMessage: {
        text: 'The road is closed',
        contextInfo: { isForwarded: true, forwardingScore: 2 },
      },
    }),
    shown: [{ content: /Forwarded[\s\S]*The road is closed$/ }],
  },
  {
    id: 'ai-answer',
    label: 'Answer of an AI',
    promise: 'a forwarded answer of an AI arrives',
    send: sends({
      botForwardedMessage: {
        message: {
          richResponseMessage: {
            messageType: 1,
            submessages: [{ messageType: 2, messageText: 'It will be sunny' }],
          },
        },
      },
    }),
    shown: [{ content: /It will be sunny/ }],
  },
  {
    id: 'poll-result',
    label: 'Poll result',
    promise: 'the result of a poll arrives with its votes',
    send: sends({
      pollResultSnapshotMessage: {
        name: 'Which color?',
        pollVotes: [
          { optionName: 'Blue', optionVoteCount: 2 },
          { optionName: 'Red', optionVoteCount: 1 },
        ],
      },
    }),
    shown: [{ content: /Which color\?[\s\S]*Blue: 2[\s\S]*Red: 1/ }],
  },
  {
    id: 'unknown-readable',
    label: 'Unknown kind with texts',
    promise: 'of an unknown kind the texts that can be read arrive',
    send: sends({
      hologramMessage: {
        title: 'A lamp in your room',
        scene: { caption: 'Walk around it', sceneId: 'a81f' },
      },
    }),
    shown: [
      { content: /A lamp in your room[\s\S]*Walk around it[\s\S]*hologramMessage[\s\S]*phone/ },
    ],
  },
  {
    id: 'unknown',
    label: 'Unknown kind',
    promise: 'an unknown kind leaves a note that names it',
    send: sends({ holographicMessage: { depth: 3 } }),
    shown: [{ content: /holographicMessage[\s\S]*phone/ }],
  },
]
