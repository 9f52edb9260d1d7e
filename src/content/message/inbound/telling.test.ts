import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asId, type KeyId } from '../../../kernel/ids.ts'
import { parseWasenderWebhook } from '../../../platforms/wasender/events/index.ts'
import { readIncoming } from '../incoming.ts'
import { firstTold, type KnownTelling, sameAs, toldAgain } from './telling.ts'

const START = 1_784_402_766_013
const TARGET = '3EB0F00DF00DF00DF00D01'
const CHAT = '12025550101@s.whatsapp.net'
const target = { id: TARGET, fromMe: true, remoteJid: CHAT }

/** One webhook: what it says, and when it comes. */
type Heard = { body: unknown; heardAt: number }

/** What somebody did, in as many ways as it is told. */
type Done = { text: string; fromMe: boolean; at: number }

/** Which of the facts a form has. */
type Has = { key: boolean; clock: boolean }

const keyOf = (index: number, { fromMe }: Done) => ({
  id: `3EB0OWN${index}`,
  fromMe,
  remoteJid: CHAT,
})

function asMessage(done: Done, index: number, { clock }: Has): unknown {
  const { text, at } = done
  const reactionMessage = { key: target, text, ...(clock ? { senderTimestampMs: at } : {}) }
  const messages = {
    key: keyOf(index, done),
    messageTimestamp: Math.floor(at / 1000),
    message: { reactionMessage },
  }
  return { event: 'messages.upsert', timestamp: at, data: { messages } }
}

function asEvent(done: Done, index: number, has: Has): unknown {
  const { text, at } = done
  const reaction = {
    text,
    key: has.key ? keyOf(index, done) : target,
    ...(has.clock ? { senderTimestampMs: String(at) } : {}),
  }
  return { event: 'messages.reaction', timestamp: at, data: [{ key: target, reaction }] }
}

const editedBy = (index: number) => ({ id: `3EB0EDIT${index}`, fromMe: false, remoteJid: CHAT })

function editAsMessage({ text, at }: Done, index: number): unknown {
  const protocolMessage = { key: target, type: 14, editedMessage: { conversation: text } }
  const messages = { key: editedBy(index), message: { protocolMessage } }
  return { event: 'messages.upsert', timestamp: at, data: { messages } }
}

function editAsUpdate({ text, at }: Done): unknown {
  const message = { editedMessage: { message: { conversation: text } } }
  return { event: 'messages.update', timestamp: at, data: { key: target, update: { message } } }
}

function asVotes(names: Record<string, number>): unknown {
  const pollResult = Object.entries(names).map(([name, votes]) => ({
    name,
    voters: Array.from({ length: votes }, (_, i) => `1202555010${i}@s.whatsapp.net`),
  }))
  return { event: 'poll.results', timestamp: START, data: { key: target, pollResult } }
}

/** The ids under which webhooks are known, in the order in which they come. */
function idsOf(heard: readonly Heard[]): KeyId[] {
  let known: KnownTelling[] = []
  return heard.map(({ body, heardAt }) => {
    const read = parseWasenderWebhook(body).events.map((event) => readIncoming(event, heardAt))[0]
    if (read === undefined || !('incoming' in read)) throw new Error('shows up nowhere')
    const { id, telling } = read.incoming
    if (telling === undefined) return id
    const same = sameAs(known, telling, heardAt)
    if (same === undefined) {
      const next = known.some((each) => each.id === id) ? asId<KeyId>(`${id}+${known.length}`) : id
      known = [...known, firstTold(next, telling, heardAt)]
      return next
    }
    known = known.map((each) => (each === same ? toldAgain(each, telling) : each))
    return same.id
  })
}

const count = (ids: readonly KeyId[]) => new Set(ids).size

const has = fc.record({ key: fc.boolean(), clock: fc.boolean() })
const done = fc.record({
  text: fc.constantFrom('👍', '❤️', ''),
  // Nobody says who reacted where the event has no key, so that both sides at once cannot be told apart.
  fromMe: fc.constant(false),
  at: fc.integer({ min: START, max: START + 20_000 }),
})
/** Several, at different times, and for each webhook when it comes: late, and some of them once more. */
const several = fc
  .uniqueArray(done, { selector: ({ at }) => at, minLength: 1, maxLength: 6 })
  .chain((all) => {
    const delays = fc.array(fc.integer({ min: 0, max: 20_000 }), {
      minLength: 4 * all.length,
      maxLength: 4 * all.length,
    })
    return fc.tuple(fc.constant(all), delays)
  })

function inOrder(heard: readonly Heard[]): Heard[] {
  return [...heard].sort((a, b) => a.heardAt - b.heardAt)
}

describe('what is told by several events', () => {
  it('is one reaction each, whatever the forms lack, in any order and repeated', () => {
    fc.assert(
      fc.property(several, has, has, ([all, delays], message, event) => {
        const heard = all.flatMap((each, index) =>
          [0, 1, 2, 3].map((copy) => ({
            body: copy % 2 === 0 ? asMessage(each, index, message) : asEvent(each, index, event),
            heardAt: each.at + (delays[4 * index + copy] ?? 0),
          })),
        )
        expect(count(idsOf(inOrder(heard)))).toBe(all.length)
      }),
      { numRuns: 2_000 },
    )
  })

  it('is one reaction each when only one form comes, by key or by clock', () => {
    fc.assert(
      fc.property(several, has, ([all, delays], event) => {
        fc.pre(event.key || event.clock)
        const heard = all.flatMap((each, index) =>
          [0, 1].map((copy) => ({
            body: asEvent(each, index, event),
            heardAt: each.at + (delays[4 * index + copy] ?? 0),
          })),
        )
        expect(count(idsOf(inOrder(heard)))).toBe(all.length)
      }),
    )
  })

  it('is one edit for each change, also back to what it said before', () => {
    const texts = fc.array(fc.constantFrom('One', 'Two', 'Three'), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(texts, fc.boolean(), fc.boolean(), (all, isMessageFirst, isRepeated) => {
        const edits = all.filter((text, index) => text !== all[index - 1])
        const heard = edits.flatMap((text, index) => {
          const each = { text, fromMe: false, at: START + index * 120_000 }
          const forms = [editAsMessage(each, index), editAsUpdate(each)]
          const told = isMessageFirst ? forms : forms.reverse()
          return [...told, ...(isRepeated ? told : [])].map((body, copy) => ({
            body,
            heardAt: each.at + copy * 1_500,
          }))
        })
        expect(count(idsOf(heard))).toBe(edits.length)
      }),
    )
  })

  it('is one edit for each change told in one form only, also within seconds and repeated late', () => {
    const texts = fc.array(fc.constantFrom('One', 'Two'), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(
        texts,
        fc.boolean(),
        fc.integer({ min: 50, max: 90_000 }),
        fc.nat({ max: 9_000 }),
        (all, isBare, gap, repeatedAfter) => {
          const edits = all.filter((text, index) => text !== all[index - 1])
          const heard = edits.flatMap((text, index) => {
            const each = { text, fromMe: false, at: START + index * gap }
            const body = isBare ? editAsUpdate(each) : editAsMessage(each, index)
            return [0, repeatedAfter].map((after) => ({ body, heardAt: each.at + after }))
          })
          expect(count(idsOf(inOrder(heard)))).toBe(edits.length)
        },
      ),
    )
  })

  it('is one edit with its words however often it comes encrypted before or after them', () => {
    const encryptedEdit = (index: number) => ({
      event: 'messages.upsert',
      timestamp: START,
      data: {
        messages: {
          key: editedBy(index),
          message: {
            secretEncryptedMessage: { targetMessageKey: target, secretEncType: 'MESSAGE_EDIT' },
          },
        },
      },
    })
    const clear = { text: 'Two', fromMe: false, at: START }
    const hear = (bodies: unknown[]) =>
      idsOf(bodies.map((body, index) => ({ body, heardAt: START + index * 900 })))
    const forms = [editAsUpdate(clear), editAsMessage(clear, 1)]
    for (const form of forms) {
      expect(count(hear([form, encryptedEdit(1), encryptedEdit(1), form]))).toBe(1)
      // Shown before the words came, which are news.
      expect(count(hear([encryptedEdit(1), encryptedEdit(2), form, form]))).toBe(2)
    }
    expect(count(hear([...forms, encryptedEdit(1), encryptedEdit(3)]))).toBe(1)
  })

  it('is one deletion in every form', () => {
    const forms = [
      {
        event: 'messages.upsert',
        data: {
          messages: { key: editedBy(1), message: { protocolMessage: { key: target, type: 0 } } },
        },
      },
      { event: 'messages.update', data: { key: target, update: { message: null } } },
      { event: 'messages.delete', data: { keys: [target] } },
    ]
    fc.assert(
      fc.property(fc.shuffledSubarray(forms, { minLength: 1 }), fc.nat(), (all, later) => {
        const heard = all.map((body, index) => ({ body, heardAt: START + index * later }))
        expect(count(idsOf(heard))).toBe(1)
      }),
    )
  })

  it('is no news when the same votes are told again, however late', () => {
    const tallies = [{ A: 1 }, { A: 1 }, { A: 1, B: 1 }, { A: 1, B: 1 }, { A: 1 }, { A: 1 }]
    const gaps = fc.array(fc.integer({ min: 61_000, max: 10_000_000 }), {
      minLength: tallies.length,
      maxLength: tallies.length,
    })
    fc.assert(
      fc.property(gaps, (each) => {
        let heardAt = START
        const heard = tallies.map((names, index) => {
          heardAt += each[index] ?? 0
          return { body: asVotes(names), heardAt }
        })
        expect(count(idsOf(heard))).toBe(3)
      }),
    )
  })

  it('is one across the turn of a minute', () => {
    const turn = Math.ceil(START / 60_000) * 60_000
    const bare = (heardAt: number) => ({
      body: asEvent({ text: '👍', fromMe: false, at: 0 }, 0, { key: false, clock: false }),
      heardAt,
    })
    expect(count(idsOf([bare(turn - 1), bare(turn + 1)]))).toBe(1)
    expect(count(idsOf([bare(turn), bare(turn + 300_000)]))).toBe(2)
  })
})
