import { z } from 'zod'
import { integer, maybe } from './fields.ts'

/** Part of a list. Rows that cannot be read are left out. */
export type Page<T> = {
  items: T[]
  /** From 1. */
  page: number
  /** `undefined` when the gateway does not say; an unpaged list has one. */
  totalPages: number | undefined
  total: number | undefined
}

export type PageQuery = {
  /** From 1. */
  page?: number
  perPage?: number
}

/**
 * A list in any of the three forms: a bare array, `items` with `pagination`, and Laravel's paginator
 * (docs/platforms/wasender.md#session-routes, #people-and-addresses).
 */
export function pageOf<T>(row: z.ZodType<T>): z.ZodType<Page<T>> {
  const rows = z
    .array(row.optional().catch(undefined))
    .transform((all) => all.filter((item) => item !== undefined))
  const bare = rows.transform((items) => ({
    items,
    page: 1,
    totalPages: 1,
    total: items.length,
  }))
  const listed = z
    .looseObject({
      items: rows,
      pagination: maybe(
        z.looseObject({ page: maybe(integer), total: maybe(integer), totalPages: maybe(integer) }),
      ),
    })
    .transform(({ items, pagination }) => ({
      items,
      page: pagination?.page ?? 1,
      totalPages: pagination?.totalPages,
      total: pagination?.total,
    }))
  const paginator = z
    .looseObject({
      data: rows,
      current_page: maybe(integer),
      last_page: maybe(integer),
      total: maybe(integer),
    })
    .transform(({ data, current_page, last_page, total }) => ({
      items: data,
      page: current_page ?? 1,
      totalPages: last_page,
      total,
    }))
  return z.union([bare, listed, paginator])
}
