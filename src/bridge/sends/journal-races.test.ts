import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { KeyId, MsgId } from '../../kernel/ids.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import { createMemoryLinks } from '../testing/memory-links.ts'
import { SAMPLE_SEND } from '../testing/sample-send.ts'
import { createJournal } from './journal.ts'

const send = SAMPLE_SEND
const MESSAGE = send.messageId
const STEPS = [
  'look',
  'begin',
  'accepted',
  'not let in',
  'refused',
  'lost, but sent',
  'lost, not sent',
  'dies, but sent',
  'dies, not sent',
  'settle',
  'echo',
  'retry',
  'delete',
] as const
type Step = (typeof STEPS)[number]
type Turn = { before?: OutboundLink | undefined; link?: OutboundLink | undefined }

/** One message, two turns that may hold it at once, and all that can happen to it between any two of their steps. */
function createStage() {
  const journal = createJournal({ store: createMemoryLinks(), clock: { now: () => 1 } })
  const turns: [Turn, Turn] = [{}, {}]
  let arrived = 0
  let allowed = 1
  const current = async () => (await journal.ofMessage(send.account, MESSAGE))[0]

  async function begin(turn: Turn, other: Turn): Promise<void> {
    const wasDeleted = (await current())?.deletedBy !== undefined
    turn.link = await journal.begin(send)
    if (turn.link === undefined) return
    expect(other.link).toBeUndefined()
    expect(wasDeleted).toBe(false)
  }

  /** The request of a turn reached WhatsApp. */
  function sent(): void {
    arrived += 1
    expect(arrived).toBeLessThanOrEqual(allowed)
  }

  async function notLetIn(link: OutboundLink, { before }: Turn): Promise<void> {
    const { state, deletedBy } = (await current()) ?? {}
    await journal.withdraw(link, before)
    const after = await current()
    // Whoever comes next may send it, unless it was deleted; a sign of it stays.
    expect(after?.deletedBy).toBe(deletedBy)
    if (state === 'sending') expect(['queued', undefined]).toContain(after?.state)
    else expect(after?.state).toBe(state)
  }

  async function end(step: Step, turn: Turn): Promise<void> {
    const { link } = turn
    if (link === undefined) return
    if (step === 'accepted' || step.endsWith('but sent')) sent()
    if (step === 'accepted') await journal.note(link, { kind: 'accepted', msgId: 7 as MsgId })
    if (step === 'refused') await journal.note(link, { kind: 'failed', reason: 'No.' })
    if (step.startsWith('lost')) await journal.note(link, { kind: 'unknown' })
    if (step === 'not let in') await notLetIn(link, turn)
    turn.link = undefined
  }

  /** What became of a send that nobody has in hand any more. */
  async function settle(link: OutboundLink): Promise<void> {
    if (turns.some((turn) => turn.link !== undefined)) return
    const unknown = await journal.note(link, { kind: 'unknown' })
    await journal.note(unknown, { kind: 'doubted', reason: 'It may have arrived.' })
  }

  async function retry(link: OutboundLink): Promise<void> {
    if (link.state !== 'failed' || turns.some((turn) => turn.link !== undefined)) return
    await journal.note(link, { kind: 'retry' })
    allowed = arrived + 1
  }

  async function remove(known: OutboundLink | undefined): Promise<void> {
    const link = known ?? (await journal.begin(send, 'queued'))
    if (link === undefined) return
    const isWaiting = link.state === 'queued' || link.state === 'failed'
    await journal.note(link, { kind: isWaiting ? 'dropped' : 'deleted', by: MESSAGE })
  }

  async function outside(step: Step): Promise<void> {
    const link = await current()
    if (step === 'delete') await remove(link)
    if (link === undefined) return
    if (step === 'settle') await settle(link)
    if (step === 'retry') await retry(link)
    if (step === 'echo')
      await journal.note(link, { kind: 'linked', keyId: '3E' as KeyId, by: 'echo' })
  }

  return async (which: 0 | 1, step: Step): Promise<void> => {
    const turn = turns[which]
    if (step === 'look' && turn.link === undefined) turn.before = await current()
    else if (step === 'begin' && turn.link === undefined)
      await begin(turn, turns[1 - which] as Turn)
    else if (['settle', 'echo', 'retry', 'delete'].includes(step)) await outside(step)
    else await end(step, turn)
  }
}

it('sends at most once whatever comes between, never what was deleted, and leaves nothing stuck', async () => {
  const steps = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.constantFrom(...STEPS)), {
    maxLength: 40,
    size: 'max',
  })
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const play = createStage()
      for (const [turn, step] of all) await play(turn as 0 | 1, step)
    }),
    { numRuns: 2_000 },
  )
})
