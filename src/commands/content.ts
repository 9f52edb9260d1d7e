import type { OutgoingContent } from '../wasender/outgoing-message.ts'
import type { Command } from './command.ts'

/** Commands that send something of their own. */
export type SendingCommand = Extract<Command, { name: 'poll' | 'location' | 'contact' }>

type Content<Name extends SendingCommand['name']> = (
  command: Extract<SendingCommand, { name: Name }>,
) => OutgoingContent

const CONTENT: { [Name in SendingCommand['name']]: Content<Name> } = {
  poll: ({ question, options, multiSelect }) => ({
    kind: 'poll',
    question,
    options,
    ...(multiSelect ? { multiSelect } : {}),
  }),
  location: ({ latitude, longitude, place, address }) => ({
    kind: 'location',
    latitude,
    longitude,
    ...(place === undefined ? {} : { name: place }),
    ...(address === undefined ? {} : { address }),
  }),
  contact: ({ person, phone }) => ({ kind: 'contact', name: person, phone }),
}

export function isSending(command: Command): command is SendingCommand {
  return Object.hasOwn(CONTENT, command.name)
}

/** What a command sends. */
export function contentOf<Name extends SendingCommand['name']>(
  command: Extract<SendingCommand, { name: Name }>,
): OutgoingContent {
  const content = CONTENT[command.name as Name] as Content<Name>
  return content(command)
}
