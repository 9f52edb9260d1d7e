import { PermanentError, RateLimitedError, SessionDownError } from '../../kernel/errors.ts'
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
const ROUTE_TABLES: Readonly<Record<RouteStyle, RouteTable>> = {
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

type RouteChoiceOptions = {
  routes: 'auto' | RouteStyle
  /** What was found out earlier; `auto` starts with it. */
  remembered?: RouteStyle | undefined
  /** Told about every switch, so that it can be remembered. */
  onRoutes?: ((routes: RouteStyle) => void) | undefined
}

/** Runs a request with the table of routes that this gateway understands. */
export type WithRoutes = <T>(
  request: (table: RouteTable) => Promise<T>,
  isMissing: (error: unknown) => boolean,
) => Promise<T>

const OTHER: Record<RouteStyle, RouteStyle> = { unified: 'per-type', 'per-type': 'unified' }

/**
 * Finds out which spelling of the send routes the gateway has. A missing route has sent nothing, so
 * the request is repeated with the other spelling. Only an answer that shows that this one exists
 * makes the switch lasting; when both are missing the first error is thrown and nothing changes.
 */
export function createRouteChoice(options: RouteChoiceOptions): WithRoutes {
  const { routes, remembered, onRoutes } = options
  let current: RouteStyle = routes === 'auto' ? (remembered ?? 'unified') : routes

  function settle(style: RouteStyle): void {
    // Two requests may find out at the same time.
    if (current === style) return
    current = style
    onRoutes?.(style)
  }

  return async (request, isMissing) => {
    const tried = current
    try {
      return await request(ROUTE_TABLES[tried])
    } catch (error) {
      if (routes !== 'auto' || !isMissing(error)) throw error
      return await withOther(request, isMissing, OTHER[tried], error)
    }
  }

  async function withOther<T>(
    request: (table: RouteTable) => Promise<T>,
    isMissing: (error: unknown) => boolean,
    other: RouteStyle,
    first: unknown,
  ): Promise<T> {
    try {
      const result = await request(ROUTE_TABLES[other])
      settle(other)
      return result
    } catch (error) {
      if (isMissing(error)) throw first
      if (provesRoute(error)) settle(other)
      throw error
    }
  }
}

/**
 * A refusal comes from behind the route; a lost answer, a 502 or a web page says nothing about it.
 */
function provesRoute(error: unknown): boolean {
  return [PermanentError, RateLimitedError, SessionDownError].some((kind) => error instanceof kind)
}

/** For sends, which name no existing message in their path: any 404 or 405 is about the route. */
export function isMissingSendRoute(error: unknown): boolean {
  if (!(error instanceof PermanentError) || ABOUT_RECIPIENT.has(error.code)) return false
  return error.context.status === 404 || error.code === 'wasender.no_route'
}

/** Said by what stands behind the route. */
const ABOUT_RECIPIENT: ReadonlySet<string> = new Set([
  'wasender.not_on_whatsapp',
  'wasender.new_chats_limited',
  'wasender.monthly_limit',
])

/** For edits and deletes a 404 may be about the message. */
export function isMissingRoute(error: unknown): boolean {
  return error instanceof PermanentError && error.code === 'wasender.no_route'
}
