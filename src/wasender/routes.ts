import type { Call } from '../upstream/transport.ts'
import type { OutgoingKind } from './outgoing-message.ts'

/** The two spellings of the gateway's send routes. */
export type RouteStyle = 'unified' | 'per-type'

/** A route on a message that was sent through the API; `{msgId}` stands for its id. */
type MessageRoute = {
  method: Call['method']
  path: string
  /** What goes into the JSON body. */
  fields: readonly ('msgId' | 'text')[]
}

type SendRoute = {
  path: string
  /** The kind it has to be sent as, when there is no route for the kind itself. */
  as?: OutgoingKind
}

export type RouteTable = {
  send: Readonly<Record<OutgoingKind, SendRoute>>
  /** For a message of any kind that quotes another one; the kind's own route when absent. */
  quoted?: SendRoute
  edit: MessageRoute
  remove: MessageRoute
}

const SEND_MESSAGE: SendRoute = { path: 'send-message' }

/**
 * `unified` is the documented API (docs/platforms/wasender.md#sending), `per-type` an older spelling with the same bodies
 * (docs/platforms/wasender.md#send-routes-by-kind). That has none for stickers: the picture arrives as an image.
 */
export const ROUTE_TABLES: Readonly<Record<RouteStyle, RouteTable>> = {
  unified: {
    send: {
      text: SEND_MESSAGE,
      image: SEND_MESSAGE,
      video: SEND_MESSAGE,
      document: SEND_MESSAGE,
      audio: SEND_MESSAGE,
      sticker: SEND_MESSAGE,
      contact: SEND_MESSAGE,
      location: SEND_MESSAGE,
      poll: SEND_MESSAGE,
    },
    edit: { method: 'put', path: 'messages/{msgId}', fields: ['text'] },
    remove: { method: 'delete', path: 'messages/{msgId}', fields: [] },
  },
  'per-type': {
    send: {
      text: { path: 'send-text' },
      image: { path: 'send-image' },
      video: { path: 'send-video' },
      document: { path: 'send-document' },
      audio: { path: 'send-audio' },
      sticker: { path: 'send-image', as: 'image' },
      contact: { path: 'send-contact' },
      location: { path: 'send-location' },
      poll: { path: 'send-poll' },
    },
    quoted: { path: 'send-quoted' },
    edit: { method: 'post', path: 'edit-message', fields: ['msgId', 'text'] },
    remove: { method: 'delete', path: 'delete-message', fields: ['msgId'] },
  },
}
