import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

type Policy = NonNullable<NonNullable<Parameters<typeof secureHeaders>[0]>['contentSecurityPolicy']>

/** Nothing but our own files, no script or style inside a page, nobody's frame. */
const STRICT: Policy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
}

/** The board of the queues brings styles inside its page and needs its base address; its scripts are files. */
const BOARD: Policy = {
  ...STRICT,
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'"],
  baseUri: ["'self'"],
}

function headers(contentSecurityPolicy: Policy): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy,
    // Without a referrer a browser hides the origin of our own forms, too.
    referrerPolicy: 'same-origin',
    xFrameOptions: 'DENY',
    // Whether there is only https is the business of the proxy in front.
    strictTransportSecurity: false,
  })
}

export const pageHeaders: MiddlewareHandler = headers(STRICT)
export const boardHeaders: MiddlewareHandler = headers(BOARD)
