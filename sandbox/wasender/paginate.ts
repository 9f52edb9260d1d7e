import type { Context } from 'hono'

const positive = (text: string | undefined, fallback: number): number => {
  const value = Number(text)
  return Number.isInteger(value) && value > 0 ? value : fallback
}

/** Laravel's paginator under `data` (docs/platforms/wasender.md#session-routes). */
export function laravelPage<T>(c: Context, rows: T[], origin: string): Record<string, unknown> {
  const page = positive(c.req.query('page'), 1)
  const perPage = positive(c.req.query('per_page'), 10)
  const lastPage = Math.max(1, Math.ceil(rows.length / perPage))
  const data = rows.slice((page - 1) * perPage, page * perPage)
  const path = `${origin}${c.req.path}`
  const link = (number: number) =>
    number < 1 || number > lastPage ? null : `${path}?page=${number}`
  const from = data.length === 0 ? null : (page - 1) * perPage + 1
  return {
    current_page: page,
    data,
    first_page_url: link(1),
    from,
    last_page: lastPage,
    last_page_url: link(lastPage),
    next_page_url: link(page + 1),
    path,
    per_page: perPage,
    prev_page_url: link(page - 1),
    to: from === null ? null : from + data.length - 1,
    total: rows.length,
  }
}

/**
 * The lists of contacts and groups: bare, or `{items, pagination}` when asked for
 * (docs/platforms/wasender.md#people-and-addresses).
 */
export function listPage<T>(c: Context, rows: T[]): unknown {
  if (!['true', '1'].includes(c.req.query('paginated') ?? '')) return rows
  const page = positive(c.req.query('page'), 1)
  const limit = positive(c.req.query('limit'), 20)
  const totalPages = Math.max(1, Math.ceil(rows.length / limit))
  return {
    items: rows.slice((page - 1) * limit, page * limit),
    pagination: { page, limit, total: rows.length, totalPages },
  }
}
