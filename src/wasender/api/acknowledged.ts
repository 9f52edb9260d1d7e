import { z } from 'zod'

/**
 * The answer of a call that returns nothing of interest: any JSON, or nothing at all (a 204). Not
 * any text, because a web page with status 200 means the base URL leads to the website.
 */
export const acknowledged = z
  .union([z.literal(''), z.looseObject({}), z.array(z.unknown())])
  .transform(() => undefined)
