import fc from 'fast-check'
import { expect } from 'vitest'
import { asId, type MsgId } from '../../src/kernel/ids.ts'
import { linkIndexes } from '../../src/state/store/keys.ts'
import type { Collection, Link, LinkIndex, SendState } from '../../src/state/store/types.ts'
import { chatId, outboundLink } from './samples.ts'

/** The simplest correct store: a `Map` keeps the order in which ids came in, as a store must. */
export type Model = Map<string, Link>
export type Real = { links: Collection<Link>; reopen(): Promise<void> }

type Command = fc.AsyncCommand<Model, Real>

const state = fc.constantFrom<SendState>('sending', 'unknown', 'accepted', 'linked', 'failed')
/** Few ids, keys and chats, so that commands meet each other. */
const id = fc.constantFrom('a', 'a:b', '%', 'd', 'e')
const value = fc
  .record({ n: fc.nat(2), chat: fc.nat(1), msgId: fc.option(fc.nat(2)), state })
  .map(({ n, chat, msgId, state }): Link => {
    const { msgId: _, ...link } = outboundLink(n, { chat: chatId(chat), state })
    return msgId === null ? link : { ...link, msgId: asId<MsgId>(msgId) }
  })
const index = fc.constantFrom(...(Object.keys(linkIndexes) as LinkIndex[]))

function command(text: string, run: (model: Model, real: Real) => Promise<void>): Command {
  return { check: () => true, run, toString: () => text }
}

const put = fc.tuple(id, value).map(([id, link]) =>
  command(`put ${id} ${JSON.stringify(link)}`, async (model, { links }) => {
    model.set(id, link)
    await links.put(id, link)
  }),
)

const update = fc.tuple(id, state, fc.boolean()).map(([id, state, wanted]) =>
  command(`update ${id} ${state} ${wanted}`, async (model, { links }) => {
    const change = (old: Link | undefined): Link | undefined =>
      wanted && old?.direction === 'out' ? { ...old, state } : undefined
    const expected = change(model.get(id)) ?? model.get(id)
    if (expected !== undefined) model.set(id, expected)
    expect(await links.update(id, change)).toEqual(expected)
  }),
)

const remove = id.map((id) =>
  command(`delete ${id}`, async (model, { links }) => {
    model.delete(id)
    await links.delete(id)
  }),
)

const removeWhen = fc.tuple(id, state).map(([id, state]) =>
  command(`delete ${id} when ${state}`, async (model, { links }) => {
    const when = (link: Link) => link.direction === 'out' && link.state === state
    const current = model.get(id)
    if (current !== undefined && when(current)) model.delete(id)
    await links.delete(id, when)
  }),
)

const erase = fc.tuple(id, id).map((ids) =>
  command(`erase ${ids}`, async (model, { links }) => {
    for (const one of ids) model.delete(one)
    await links.erase(new Set(ids))
  }),
)

const all = fc.constant(
  command('all', async (model, { links }) => {
    const found: [string, Link][] = []
    for await (const { id, value } of links.all()) found.push([id, value])
    expect(new Map(found)).toEqual(model)
    expect(found).toHaveLength(model.size)
  }),
)

const get = id.map((id) =>
  command(`get ${id}`, async (model, { links }) => {
    expect(await links.get(id)).toEqual(model.get(id))
  }),
)

const find = fc.tuple(index, value).map(([index, like]) => {
  const key = linkIndexes[index](like)
  return command(`findBy ${index} ${key}`, async (model, { links }) => {
    const expected = [...model.values()].filter((link) => linkIndexes[index](link) === key)
    if (key !== undefined) expect(await links.findBy(index, key)).toEqual(expected)
    expect(await links.count()).toBe(model.size)
  })
})

const reopen = fc.constant(command('reopen', (_, real) => real.reopen()))

/** Any sequence of calls, every few of them after the store was closed and opened again. */
export const storeCommands = fc.commands(
  [put, put, put, update, remove, removeWhen, erase, all, get, find, find, reopen],
  { maxCommands: 60 },
)
