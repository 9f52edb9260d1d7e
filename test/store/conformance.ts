import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asId, type ConversationId, type KeyId, type MsgId } from '../../src/kernel/ids.ts'
import { storeKey } from '../../src/state/store/keys.ts'
import type { AccountState, Link, OutboundLink, Store } from '../../src/state/store/types.ts'
import { storeCommands } from './model.ts'
import {
  account,
  accountState,
  chat,
  chatId,
  inboundLink,
  linkId,
  outboundLink,
} from './samples.ts'

/** A place where a store keeps its things; it can be opened again after `store.close()`. */
export type StorePlace = {
  open(): Promise<Store>
  /** Deletes everything. */
  dispose(): Promise<void>
}

/** What every store has to do. Run it with a function that makes an empty place. */
export function describeStore(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(`${name}: store`, () => {
    let place: StorePlace
    let store: Store

    beforeEach(async () => {
      place = await makePlace()
      store = await place.open()
    })
    afterEach(async () => {
      await store.close()
      await place.dispose()
    })
    const reopen = async (): Promise<void> => {
      await store.close()
      store = await place.open()
    }
    const put = (link: Link): Promise<void> => store.links.put(linkId(link), link)
    const openIn = (id: string | number): Promise<Link[]> =>
      store.links.findBy('open', storeKey.byChat(account, chatId(id)))

    describe('get, put, delete, count', () => {
      it('knows nothing at first', async () => {
        expect(await store.links.get('x')).toBeUndefined()
        expect(await store.links.findBy('key', 'x')).toEqual([])
        expect(await store.links.findBy('no-such-index', 'x')).toEqual([])
        expect(await store.links.count()).toBe(0)
      })

      it('gives back what was put, in every collection, also after opening it again', async () => {
        const state = accountState(5, { routes: 'per-type' })
        await put(inboundLink(1))
        await store.chats.put('c', chat(1))
        await store.aliases.put('a', { account, chat: chatId(1), at: 7 })
        await store.accounts.put('sales', state)
        for (const again of [async () => {}, reopen]) {
          await again()
          expect(await store.links.get(linkId(inboundLink(1)))).toEqual(inboundLink(1))
          expect(await store.chats.get('c')).toEqual(chat(1))
          expect(await store.aliases.get('a')).toEqual({ account, chat: chatId(1), at: 7 })
          expect(await store.accounts.get('sales')).toEqual(state)
        }
      })

      it('keeps collections apart', async () => {
        await store.chats.put('same id', chat(1))
        expect(await store.aliases.get('same id')).toBeUndefined()
        expect(await store.aliases.count()).toBe(0)
      })

      it('replaces a value and counts ids, not versions', async () => {
        await put(outboundLink(1, { state: 'sending' }))
        await put(outboundLink(1, { state: 'read' }))
        await put(outboundLink(2))
        expect(await store.links.count()).toBe(2)
        expect(await store.links.get(linkId(outboundLink(1)))).toMatchObject({ state: 'read' })
      })

      it('forgets what was deleted, also after opening it again', async () => {
        const link = outboundLink(1)
        await put(link)
        await reopen()
        await store.links.delete(linkId(link))
        await store.links.delete('never there')
        for (const again of [async () => {}, reopen]) {
          await again()
          expect(await store.links.get(linkId(link))).toBeUndefined()
          expect(await store.links.count()).toBe(0)
          expect(
            await store.links.findBy('message', storeKey.byMessage(account, link.messageId)),
          ).toEqual([])
        }
      })

      it('hands out copies: changing one changes nothing in the store', async () => {
        const value = chat(1)
        await store.chats.put('c', value)
        value.nameSet = 'changed after put'
        const read = await store.chats.get('c')
        if (read !== undefined) read.nameSet = 'changed after get'
        expect(await store.chats.get('c')).toEqual(chat(1))
      })

      it.each(['', ' ', '%', ':', 'a:b%3A', '\n', '\0', '"\\', '__proto__', 'ключ', '💬', '../x'])(
        'takes the id and key %j',
        async (text) => {
          const link = inboundLink(1, { keyId: asId<KeyId>(text) })
          await store.links.put(text, link)
          await store.links.put(`${text}!`, inboundLink(2))
          await reopen()
          expect(await store.links.get(text)).toEqual(link)
          expect(
            await store.links.findBy('key', storeKey.byKey(account, asId<KeyId>(text))),
          ).toEqual([link])
        },
      )
    })

    describe('findBy', () => {
      it('lists what was put first at the front, whatever changed later', async () => {
        for (const n of [3, 1, 2]) {
          await put(outboundLink(n, { chat: chatId(9), state: 'sending', at: 100 - n }))
        }
        await put(outboundLink(3, { chat: chatId(9), state: 'accepted', at: 500 }))
        for (const again of [async () => {}, reopen]) {
          await again()
          expect((await openIn(9)).map((link) => link.messageId)).toEqual([3, 1, 2])
        }
      })

      it('puts an id that was deleted and came back at the end', async () => {
        const sending = (n: number): OutboundLink =>
          outboundLink(n, { chat: chatId(9), state: 'sending' })
        await put(sending(1))
        await put(sending(2))
        await store.links.delete(linkId(sending(1)))
        await put(sending(1))
        await reopen()
        expect((await openIn(9)).map((link) => link.messageId)).toEqual([2, 1])
      })

      it('follows a value that moves from key to key and out of an index', async () => {
        const find = (msgId: number): Promise<Link[]> =>
          store.links.findBy('msg', storeKey.byMsg(account, asId<MsgId>(msgId)))
        await put(outboundLink(1, { msgId: asId<MsgId>(10), state: 'accepted' }))
        await reopen()
        await put(outboundLink(1, { msgId: asId<MsgId>(20), state: 'linked' }))
        for (const again of [async () => {}, reopen]) {
          await again()
          expect(await find(10)).toEqual([])
          expect(await find(20)).toHaveLength(1)
          expect(await openIn(1)).toEqual([])
        }
      })

      it('leaves a value without that key out', async () => {
        const { conversationId: _, ...without } = chat(1)
        await store.chats.put('c', without)
        const key = storeKey.byConversation(account, asId<ConversationId>(1))
        expect(await store.chats.findBy('conversation', key)).toEqual([])
        expect(
          await store.chats.findBy('source', storeKey.bySource(account, without.sourceId)),
        ).toEqual([without])
      })

      it('finds many under one key', async () => {
        await Promise.all(
          Array.from({ length: 300 }, (_, n) =>
            put(outboundLink(n, { chat: chatId(1), state: 'unknown' })),
          ),
        )
        expect(await openIn(1)).toHaveLength(300)
        expect(await openIn(2)).toEqual([])
      })
    })

    describe('update', () => {
      it('makes, changes and leaves a value', async () => {
        const id = 'c'
        expect(await store.chats.update(id, () => undefined)).toBeUndefined()
        expect(await store.chats.count()).toBe(0)
        expect(await store.chats.update(id, () => chat(1))).toEqual(chat(1))
        const renamed = await store.chats.update(id, (old) => old && { ...old, nameSet: 'x' })
        expect(renamed).toEqual(chat(1, { nameSet: 'x' }))
        expect(await store.chats.update(id, () => undefined)).toEqual(renamed)
        await reopen()
        expect(await store.chats.get(id)).toEqual(renamed)
      })

      it('applies every one of a thousand concurrent updates of one id', async () => {
        const count = (old: AccountState | undefined): AccountState =>
          accountState((old?.at ?? 0) + 1)
        await Promise.all(Array.from({ length: 1000 }, () => store.accounts.update('sales', count)))
        await reopen()
        expect(await store.accounts.get('sales')).toEqual(accountState(1000))
      })

      it('passes on what the change throws and stays usable', async () => {
        const refuse = (): never => {
          throw new RangeError('no')
        }
        await expect(store.chats.update('c', refuse)).rejects.toThrow(RangeError)
        await store.chats.put('c', chat(1))
        expect(await store.chats.get('c')).toEqual(chat(1))
      })
    })

    describe('all and erase', () => {
      const everything = async (): Promise<string[]> => {
        const ids: string[] = []
        for await (const { id, value } of store.links.all()) {
          expect(await store.links.get(id)).toEqual(value)
          ids.push(id)
        }
        return ids.sort()
      }
      const idOf = (n: number): string => linkId(inboundLink(n))

      it('gives everything that is there, and nothing that was deleted', async () => {
        expect(await everything()).toEqual([])
        for (const n of [1, 2, 3, 4, 5]) await put(inboundLink(n))
        await put(inboundLink(2, { at: 9 }))
        await store.links.delete(idOf(4))
        for (const again of [async () => {}, reopen]) {
          await again()
          expect(await everything()).toEqual([1, 2, 3, 5].map(idOf).sort())
        }
      })

      it('erases some and keeps the rest, which can be put again', async () => {
        for (const n of [1, 2, 3, 4, 5, 6, 7]) await put(inboundLink(n))
        await store.links.delete(idOf(7))
        await store.links.erase(new Set([1, 3, 6, 7].map(idOf).concat('never there')))
        for (const again of [async () => {}, reopen]) {
          await again()
          expect(await everything()).toEqual([2, 4, 5].map(idOf).sort())
          expect(await store.links.count()).toBe(3)
          const { account: of, keyId } = inboundLink(3)
          expect(await store.links.findBy('key', storeKey.byKey(of, keyId))).toEqual([])
        }
        await put(inboundLink(3))
        await reopen()
        expect(await everything()).toEqual([2, 3, 4, 5].map(idOf).sort())
      })
    })

    it('keeps thousands of concurrent puts of different ids', async () => {
      await Promise.all(Array.from({ length: 5000 }, (_, n) => put(inboundLink(n))))
      await reopen()
      expect(await store.links.count()).toBe(5000)
      expect(await store.links.get(linkId(inboundLink(4321)))).toEqual(inboundLink(4321))
    })

    it('has everything put so far on disk after flush', async () => {
      const puts = [1, 2, 3].map((n) => put(inboundLink(n)))
      await store.flush()
      await Promise.all(puts)
      await reopen()
      expect(await store.links.count()).toBe(3)
    })
  })

  describe(`${name}: store against a plain Map`, () => {
    it('does the same for any sequence of calls', { timeout: 60_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(storeCommands, async (commands) => {
          const place = await makePlace()
          let store = await place.open()
          try {
            const real = {
              get links() {
                return store.links
              },
              reopen: async () => {
                await store.close()
                store = await place.open()
              },
            }
            await fc.asyncModelRun(() => ({ model: new Map<string, Link>(), real }), commands)
          } finally {
            await store.close()
            await place.dispose()
          }
        }),
        { numRuns: 60 },
      )
    })
  })
}
