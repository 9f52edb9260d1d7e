import type { MsgId } from '../ids.ts'
import type { Call } from '../upstream/transport.ts'
import { type OutgoingMessage, sendBody } from './outgoing-message.ts'
import type { RouteTable } from './routes.ts'

/**
 * The request that sends a message by one table of routes. Sending twice shows twice, so it is
 * `once`.
 */
export function sendCall(table: RouteTable, message: OutgoingMessage): Call {
  const own = table.send[message.kind]
  const route = message.replyTo === undefined ? own : (table.quoted ?? own)
  return {
    operation: 'send-message',
    method: 'post',
    path: route.path,
    json: sendBody(route.as === 'image' ? asImage(message) : message),
    effect: 'once',
  }
}

function asImage(message: OutgoingMessage): OutgoingMessage {
  return message.kind === 'sticker' ? { ...message, kind: 'image' } : message
}

/** The request that changes a message's text. Changing it twice to the same text does no harm. */
export function editCall(table: RouteTable, msgId: MsgId, text: string): Call {
  return messageCall('edit-message', table.edit, { msgId, text })
}

/** The request that deletes a message for everyone. */
export function removeCall(table: RouteTable, msgId: MsgId): Call {
  return messageCall('delete-message', table.remove, { msgId })
}

function messageCall(
  operation: string,
  route: RouteTable['edit'],
  values: { msgId: MsgId; text?: string },
): Call {
  const body = route.fields.map((field) => [field, values[field]] as const)
  return {
    operation,
    method: route.method,
    path: route.path.replace('{msgId}', String(values.msgId)),
    ...(body.length === 0 ? {} : { json: Object.fromEntries(body) }),
    effect: 'repeatable',
  }
}
