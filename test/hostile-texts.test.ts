import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Chat, startChat } from './support/chat.ts'

type Work = () => Promise<unknown>

let chat: Chat

beforeAll(async () => {
  chat = await startChat({ options: { pace: 0 } })
})
afterAll(() => chat.close())

/** The longest time, in milliseconds, in which the bridge answered nobody while something was done. */
async function silenceDuring(work: Work): Promise<number> {
  let longest = 0
  let isDone = false
  const watch = async () => {
    while (!isDone) {
      const asked = performance.now()
      await (await fetch(`${chat.world.bridge.url}/healthz`)).text()
      longest = Math.max(longest, performance.now() - asked)
      await sleep(2)
    }
  }
  const watching = watch()
  await work()
  isDone = true
  await watching
  return longest
}

/**
 * The bridge is silent no more than `times` as long for the one as for the other. A machine that is busy with something else
 * for a moment says nothing about the bridge: what looks too long has to look so again in one of two more comparisons.
 */
async function expectSilence({ plain, hard, times }: { plain: Work; hard: Work; times: number }) {
  const ratio = async () => {
    const usual = await silenceDuring(plain)
    return (await silenceDuring(hard)) / Math.max(usual, 30)
  }
  const first = await ratio()
  if (first < times) return
  const [, median] = [first, await ratio(), await ratio()].toSorted((a, b) => a - b)
  expect(median).toBeLessThan(times)
}

const filled = (atom: string, length: number) => atom.repeat(Math.ceil(length / atom.length))

async function agentSends(text: string | null, vcard?: string): Promise<void> {
  const before = chat.got().length
  const attachments =
    vcard === undefined
      ? []
      : [{ filename: 'a.vcf', contentType: 'text/vcard', bytes: Buffer.from(vcard) }]
  await chat.reply(text, { attachments })
  await chat.gets(before + 1)
}

describe('a text that is hard to read', () => {
  it.each([
    ['a card with a field of semicolons', `FN:Anna\nORG:${';'.repeat(900_000)}x\nTEL:+12025550143`],
    ['a card of lines', `FN:Anna\nTEL:+12025550143\n${'X:1\n'.repeat(200_000)}`],
    ['a card in folds', `FN:Anna\nTEL:+12025550143\nPHOTO:${'A\n '.repeat(300_000)}`],
  ])('keeps nobody waiting longer than a plain file: %s', async (_what, lines) => {
    const card = (inside: string) => `BEGIN:VCARD\n${inside}\nEND:VCARD\n`
    await expectSilence({
      plain: () => agentSends(null, 'x'.repeat(lines.length)),
      hard: () => agentSends(null, card(lines)),
      times: 10,
    })
  })

  it.each(['- a\n  - b\n', '1. a\n   - b\n', '- a\n  > b\n', '- - a\n', 'a\n', '*a _b ~~c '])(
    'keeps nobody waiting longer than a plain one: %j',
    async (atom) => {
      await expectSilence({
        plain: () => agentSends(filled('word ', 100_000)),
        hard: () => agentSends(filled(atom, 100_000)),
        times: 15,
      })
    },
  )

  it.each(['*', '\\', '- a\n', '> ', '`', '@1', '\n.', 'http://a.b/_ '])(
    'of a customer keeps nobody waiting, and is there in full: %j',
    async (atom) => {
      const text = `a${filled(atom, 150_000)}z`
      const says = async () => {
        const { content, attachments } = await chat.says(text)
        expect(content?.length).toBeLessThanOrEqual(150_000)
        expect(attachments).toHaveLength(1)
      }
      const plain = () => chat.says(filled('word ', 150_000))
      await expectSilence({ plain, hard: says, times: 10 })
    },
  )
})

describe('a text that Chatwoot cannot store', () => {
  it.each(['a\0b', '\ud83d', 'a\udc00', 'end\uffff', '\ufffe'])(
    '%j is shown without it',
    async (text) => {
      const { content } = await chat.says(text)
      expect(content).toBe(text.toWellFormed().replace(/[\0\ufffe\uffff]/g, '\ufffd'))
      expect((await chat.says('next')).content).toBe('next')
    },
  )

  it('is no obstacle as a name', async () => {
    const { wasender, chatwoot } = chat.world
    const odd = wasender.person({ phone: '+12025550146', lid: '210000000146', name: 'a\0\ud83db' })
    const { keyId } = odd.sendText('Hi')
    await chatwoot.waitFor(() => chatwoot.allMessages().some(({ sourceId }) => sourceId === keyId))
    expect(chatwoot.contacts().map(({ name }) => name)).toContain('a b')
  })
})
