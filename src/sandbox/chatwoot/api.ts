import type { HttpBindings } from '@hono/node-server'
import type { Context, Hono } from 'hono'
import { accountOf, checkAccess, memberOf, tokenOwner } from './auth.ts'
import { ApiError, crashed } from './errors.ts'
import { readBody } from './params.ts'
import type { World } from './state.ts'
import type { Account, Actor, Json } from './types.ts'
import type { Feature } from './versions.ts'

/** The HTTP application of the stand-in. */
export type App = Hono<{ Bindings: HttpBindings }>

/** A request of the application API after authentication. */
export type ApiRequest = {
  world: World
  account: Account
  actor: Actor
  /** Placeholders of the route's path. */
  path: Record<string, string>
  query: URLSearchParams
  body: Json
}

/** One endpoint below `/api/v1/accounts/{account_id}`. */
export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  administrator?: true
  /** Whether agent-bot tokens may call it, or since when; never when absent. */
  bot?: true | Feature
  /** The first version that has it. */
  since?: Feature
  /** Returns the JSON of a 200; undefined is a 200 with an empty body, `NO_CONTENT` a 204. */
  handle: (request: ApiRequest) => unknown
}

export const NO_CONTENT = Symbol('204')

const PREFIX = '/api/v1/accounts/:account'

/** Mounts a table of endpoints. */
export function mountRoutes(app: App, world: World, routes: Route[]): void {
  for (const route of routes) {
    if (route.since !== undefined && !world.has(route.since)) continue
    app.on(route.method, PREFIX + route.path, async (c) => {
      const owner = tokenOwner(world, c.req.raw.headers)
      const account = accountOf(world, c.req.param('account'))
      const actor = memberOf(world, owner, account)
      checkAccess(world, route, actor)
      const body = await readBody(c)
      const query = new URL(c.req.url).searchParams
      const path: Record<string, string> = c.req.param()
      return answer(c, await route.handle({ world, account, actor, path, query, body }))
    })
  }
}

/** What a handler returned, as a response. */
export function answer(c: Context, result: unknown): Response {
  if (result === NO_CONTENT) return c.body(null, 204)
  return result === undefined ? c.body(null, 200) : c.json(result)
}

/** What a handler threw, as a response. Anything unexpected is a 500, as in Rails. */
export function answerError(error: unknown): Response {
  const { status, body } = error instanceof ApiError ? error : crashed()
  if (body !== undefined) return Response.json(body, { status })
  // Rails' own page, which this is without the words, is for browsers.
  const headers = status === 400 ? { 'content-type': 'text/html; charset=UTF-8' } : undefined
  return new Response(null, { status, ...(headers === undefined ? {} : { headers }) })
}

/** A number in the path; what is not one finds no record. */
export const pathId = ({ path }: ApiRequest, name: string): number => Number(path[name])
