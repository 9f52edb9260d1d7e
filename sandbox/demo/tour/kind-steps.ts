import type { Message } from '../../chatwoot/types.ts'
import type { Kind, Shown } from '../kinds/kind.ts'
import { KIND_GROUPS } from '../kinds/kinds.ts'
import type { DemoWorld } from '../world.ts'
import { type Customer, calm, newCustomer } from './customer.ts'
import { expectFiles, expectSame, expectText } from './expect.ts'
import type { Step } from './step.ts'

const NOTHING = /^$/

/** Somebody of their own sends the kind, and the agent gets exactly what it says. */
async function tryOut(world: DemoWorld, { send, shown }: Kind): Promise<void> {
  const customer = await newCustomer(world)
  const [hello] = customer.thread()
  const said = send({ person: customer.person, wasender: world.wasender })
  const last = customer.person.sendText('And now?')
  const found = () => since(customer, hello).filter(({ sourceId }) => sourceId !== last.keyId)
  await customer.arrival(last)
  await customer.shown('all that is shown for it', () => found().length >= shown.length)
  await calm(world, ...said, last)
  const messages = found()
  expectSame('The number of messages', messages.length, shown.length)
  for (const [index, one] of shown.entries()) {
    await expectShown(world, messages, index, one)
  }
}

/** What came after a message and is still there. */
function since({ thread }: Customer, first: Message | undefined): Message[] {
  return thread().filter(
    ({ id, messageType, contentAttributes }) =>
      id > (first?.id ?? 0) && messageType !== 'activity' && contentAttributes.deleted !== true,
  )
}

async function expectShown(
  { chatwoot }: DemoWorld,
  messages: readonly Message[],
  index: number,
  { content, files, isNote, quotes }: Shown,
): Promise<void> {
  const message = messages[index]
  if (message === undefined) throw new Error('There should be one more message.')
  expectText('The text', message.content, content ?? NOTHING)
  await expectFiles(chatwoot, message, files ?? [])
  expectSame('Whether it is a note', message.private, isNote ?? false)
  if (!isNote) expectSame('The kind of message', message.messageType, 'incoming')
  if (quotes === undefined) return
  expectSame('The quoted message', message.contentAttributes.in_reply_to, messages[quotes]?.id)
}

/** A step per kind. All kinds of a group are sent when the first is asked for, to lose no time waiting. */
function stepsOf(kinds: readonly Kind[]): Step[] {
  const tried = new WeakMap<DemoWorld, ReadonlyMap<Kind, Promise<void>>>()

  function tryAll(world: DemoWorld) {
    const results = new Map(kinds.map((kind) => [kind, tryOut(world, kind)] as const))
    // One that fails before its step has begun is told of by that step.
    for (const result of results.values()) result.catch(() => undefined)
    tried.set(world, results)
    return results
  }

  return kinds.map((kind) => ({
    name: kind.promise,
    direction: 'WhatsApp → helpdesk',
    run: async (world) => (tried.get(world) ?? tryAll(world)).get(kind),
  }))
}

/** Every kind the phone of the page offers. */
export const KIND_STEPS: readonly Step[] = KIND_GROUPS.flatMap(({ kinds }) => stepsOf(kinds))
