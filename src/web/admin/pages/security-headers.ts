import { secureHeaders } from 'hono/secure-headers'

/** Nothing but our own files, no script or style inside a page, nobody's frame. */
export const pageHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  // Without a referrer a browser hides the origin of our own forms, too.
  referrerPolicy: 'same-origin',
  xFrameOptions: 'DENY',
  // Whether there is only https is the business of the proxy in front.
  strictTransportSecurity: false,
})
