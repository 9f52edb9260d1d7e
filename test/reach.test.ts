import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wasenderEventNames } from '../src/platforms/wasender/events/index.ts'
import { MESSAGE_EVENTS, OTHER_EVENTS } from './reach/events.ts'
import { renderPage } from './reach/page.ts'
import { parseRoute } from './reach/row.ts'
import { SEND_ROWS } from './reach/sends.ts'
import { SESSION_EVENTS, SESSION_ROWS } from './reach/sessions.ts'
import { startTheatre, type Theatre } from './reach/stage.ts'

describe.each(['unified', 'per-type'] as const)('agents reach the routes, %s', (routes) => {
  let theatre: Theatre
  beforeAll(async () => {
    theatre = await startTheatre(routes)
  })
  afterAll(() => theatre.close())

  it.each(SEND_ROWS)('$name', async ({ name, today = name, run }) => {
    const { wasender } = theatre.world
    const { method, path } = parseRoute(routes === 'unified' ? today : name)
    const stage = await theatre.open()
    const before = wasender.countOf(path, method)
    await run(stage)
    expect(wasender.countOf(path, method)).toBeGreaterThan(before)
  })
})

describe('admins reach the routes', () => {
  let theatre: Theatre
  beforeAll(async () => {
    theatre = await startTheatre('unified')
  })
  afterAll(() => theatre.close())

  it.each(SESSION_ROWS)('$name', async ({ name, run }) => {
    const { wasender } = theatre.world
    const { method, path } = parseRoute(name)
    const stage = await theatre.open()
    const before = wasender.countOf(path, method)
    await run(stage)
    expect(wasender.countOf(path, method)).toBeGreaterThan(before)
  })
})

const EVENTS = [...SESSION_EVENTS, ...MESSAGE_EVENTS, ...OTHER_EVENTS]

describe('webhooks are seen', () => {
  let theatre: Theatre
  beforeAll(async () => {
    theatre = await startTheatre('unified')
  })
  afterAll(() => theatre.close())

  it.each(EVENTS)('$name', async ({ name, run }) => {
    const { wasender } = theatre.world
    const taken = () =>
      wasender.webhookLog.filter(({ event, outcome }) => event === name && outcome === 'delivered')
    const stage = await theatre.open()
    const before = taken().length
    await run(stage)
    await wasender.waitFor(() => taken().length > before)
  })
})

it('leaves out no webhook that the bridge knows', () => {
  expect(EVENTS.map(({ name }) => name).toSorted()).toEqual([...wasenderEventNames].toSorted())
})

it('is what the page for admins says', async () => {
  const page = new URL('../docs/what-is-reached.md', import.meta.url)
  expect(await readFile(page, 'utf8')).toBe(renderPage())
})
