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
  if (result === undefined) return c.body(null, 200, { 'content-type': 'application/json' })
  return c.json(result, 200, { 'content-type': 'application/json; charset=utf-8' })
}

/** What a handler threw, as a response. Anything unexpected is a 500, as in Rails. */
export function answerError(error: unknown): Response {
  const { status, body } = error instanceof ApiError ? error : crashed()
  return new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': contentTypeOf(status, body) },
  })
}

/** Rails' own error pages, here without their words, spell the charset in capitals. */
function contentTypeOf(status: number, body: unknown): string {
  if (status === 400)
    return `${body === undefined ? 'text/html' : 'application/json'}; charset=UTF-8`
  if (body === undefined) return 'application/json'
  return `application/json; charset=${status === 500 ? 'UTF-8' : 'utf-8'}`
}

/** A number in the path; what is not one finds no record. */
export const pathId = ({ path }: ApiRequest, name: string): number => Number(path[name])
