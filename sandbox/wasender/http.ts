import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { flattenError, type ZodError } from 'zod'
import type { ApiCall } from './calls.ts'
import type { Session } from './session.ts'

export type Env = {
  Bindings: HttpBindings
  Variables: { call: ApiCall; session: Session }
}

export const ok = (c: Context, data: unknown, status: ContentfulStatusCode = 200) =>
  c.json({ success: true, data }, status)

/** A refusal under `error`, as most routes word it (docs/platforms/wasender.md#answers). */
export const refuse = (c: Context, status: ContentfulStatusCode, error: string) =>
  c.json({ success: false, error }, status)

/** A refusal under `message`: of tokens, subscriptions and validation. */
export const deny = (
  c: Context,
  status: ContentfulStatusCode,
  message: string,
  errors?: Record<string, unknown>,
) => c.json({ success: false, message, ...(errors === undefined ? {} : { errors }) }, status)

/** The same with the fields that zod complains about. */
export const invalid = (c: Context, error: ZodError) =>
  deny(c, 422, 'Validation failed', flattenError(error).fieldErrors)

/** Laravel's answer for a path without a route. */
export const noRoute = (c: Context) =>
  c.json({ message: `The route ${c.req.path.replace(/^\//, '')} could not be found.` }, 404)

/** The JSON object of a request; Laravel takes anything else for an empty one. */
export async function readObject(c: Context): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await c.req.text())
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** Like `readObject`; Laravel takes an empty string or null for an absent field, so `required` rules fit. */
export async function readFields(c: Context): Promise<Record<string, unknown>> {
  const fields = Object.entries(await readObject(c))
  return Object.fromEntries(fields.filter(([, value]) => value !== null && value !== ''))
}
