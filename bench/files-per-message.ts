import { createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Fleet, startFleet } from '../test/support/fleet.ts'

/**
 * How many files of the bridge run for one message of a known chat: a text from the customer until Chatwoot has it, and
 * a reply of an agent until it has been delivered. The debugger of the real process counts what runs in between. What
 * runs whether or not a message is under way is counted, too, so that nothing hides in a timer.
 */

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, list: { type: 'boolean', default: false } },
})

const SOURCE = /\/src\/(.+\.ts)$/
/** Longer than the bridge waits before it asks how a message has fared. */
const QUIET_MS = 4_000
/** What the way of a message may cross at most. */
const GOALS = { 'one text in': 70, 'one reply until delivered': 95 } as const

/** Asks the debugger of the process which files ran since it was asked last. */
async function connectDebugger(port: number) {
  const pages = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
    webSocketDebuggerUrl: string
  }[]
  const socket = new WebSocket(pages[0]?.webSocketDebuggerUrl ?? '')
  const waiting = new Map<number, (result: unknown) => void>()
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown }
    if (id !== undefined) waiting.get(id)?.(result)
  })
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true })
    socket.addEventListener('error', reject, { once: true })
  })
  let last = 0
  const ask = (method: string, params: object = {}) => {
    last += 1
    const { promise, resolve } = Promise.withResolvers<unknown>()
    waiting.set(last, resolve)
    socket.send(JSON.stringify({ id: last, method, params }))
    return promise
  }
  await ask('Profiler.enable')
  await ask('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  return {
    /** Files below `src` in which a function ran since the last question. */
    async ran(): Promise<string[]> {
      const { result } = (await ask('Profiler.takePreciseCoverage')) as {
        result: {
          url: string
          functions: { functionName: string; ranges: { count: number }[] }[]
        }[]
      }
      return result
        .filter(({ functions }) =>
          functions.some(({ ranges, functionName }) => {
            return functionName !== '' || functions.length > 1 ? (ranges[0]?.count ?? 0) > 0 : false
          }),
        )
        .flatMap(({ url }) => SOURCE.exec(url)?.[1] ?? [])
        .toSorted()
    },
    close: () => socket.close(),
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('There is no free port')
  return address.port
}

function customer(fleet: Fleet) {
  const person = fleet.wasender.person({ phone: '+12025550143', name: 'Maria' })
  const { chatwoot } = fleet.accounts[0] as Fleet['accounts'][number]
  return {
    chatwoot,
    async writes(text: string): Promise<number> {
      const { keyId, delivered } = person.sendText(text, { events: ['messages.upsert'] })
      await delivered
      const found = await chatwoot.waitFor(() =>
        chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId),
      )
      await chatwoot.settled()
      return found.conversationId
    },
    async isAnswered(conversationId: number, text: string): Promise<void> {
      const { id } = await chatwoot.agent().reply(conversationId, text)
      await chatwoot.waitFor(
        () => chatwoot.allMessages().find((each) => each.id === id)?.status === 'delivered',
        { timeoutMs: 30_000 },
      )
      await chatwoot.settled()
    },
  }
}

/** Resolves when nothing that was asked about the last message is still under way. */
async function quiet({ wasender }: Fleet): Promise<void> {
  for (let seen = -1; seen !== wasender.calls.length; ) {
    seen = wasender.calls.length
    await setTimeout(QUIET_MS)
  }
}

async function measure() {
  const port = await freePort()
  const fleet = await startFleet({ env: { NODE_OPTIONS: `--inspect=127.0.0.1:${port}` } })
  try {
    const { writes, isAnswered } = customer(fleet)
    // A known chat, and all caches warm: the usual message.
    const conversationId = await writes('Hello')
    await isAnswered(conversationId, 'Good morning')
    const coverage = await connectDebugger(port)
    await quiet(fleet)
    await coverage.ran()
    await writes('Is it there?')
    await quiet(fleet)
    const inbound = await coverage.ran()
    await isAnswered(conversationId, 'It is')
    const outbound = await coverage.ran()
    coverage.close()
    return { 'one text in': inbound, 'one reply until delivered': outbound }
  } finally {
    await fleet.close()
  }
}

const measured = await measure()
if (values.json) console.log(JSON.stringify(measured, null, 2))
else {
  for (const [what, files] of Object.entries(measured)) {
    console.log(`${what}: ${files.length} files (goal ${GOALS[what as keyof typeof GOALS]})`)
    if (values.list) for (const file of files) console.log(`  ${file}`)
  }
}
