import { readFile } from 'node:fs/promises'
import Table from 'cli-table3'
import { Redis } from 'ioredis'
import { startRedis } from '../test/support/redis.ts'
import { startWorld, type World } from '../test/support/world.ts'

/**
 * What one message of a known chat costs, each way: processor time of the bridge's process, and commands that its Redis
 * carries out, those of scripts included. One by one, each until nothing more follows from it, and all chats at once. The
 * numbers of two releases compare when both are measured at the same time on the same machine; alone they say little.
 */

type Cost = { cpuMs: number; commands: number }
type Row = Cost & { what: string; messages: number }
type Chat = { person: ReturnType<World['wasender']['person']>; conversationId: number }

const CHATS = 20
const PER_CHAT = 20
const WAIT = { timeoutMs: 120_000 }
/** Of `/proc/{pid}/stat`: fixed on Linux, whatever the kernel counts in. */
const TICK_MS = 10

async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The name before these fields may hold spaces.
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  return (Number(user) + Number(system)) * TICK_MS
}

async function calls(redis: Redis): Promise<Map<string, number>> {
  const stats = await redis.info('commandstats')
  return new Map(
    [...stats.matchAll(/^cmdstat_(\S+):calls=(\d+)/gm)].map(([, name = '', count]) => [
      name,
      Number(count),
    ]),
  )
}

async function measure(
  { world, redis }: { world: World; redis: Redis },
  { what, messages, work }: { what: string; messages: number; work: () => Promise<void> },
): Promise<Row & { byCommand: Record<string, number> }> {
  const before = { cpu: await cpuMs(world.bridge.pid), calls: await calls(redis) }
  await work()
  const after = { cpu: await cpuMs(world.bridge.pid), calls: await calls(redis) }
  const byCommand = [...after.calls]
    .map(([name, count]) => [name, (count - (before.calls.get(name) ?? 0)) / messages] as const)
    .filter(([name, count]) => count > 0 && name !== 'info')
    .toSorted(([, a], [, b]) => b - a)
  return {
    what,
    messages,
    cpuMs: (after.cpu - before.cpu) / messages,
    commands: byCommand.reduce((sum, [, count]) => sum + count, 0),
    byCommand: Object.fromEntries(byCommand),
  }
}

async function meet(world: World): Promise<Chat[]> {
  const people = Array.from({ length: CHATS }, (_, n) =>
    world.wasender.person({
      phone: `+12025550${100 + n}`,
      lid: String(189_975_000_000_100 + n),
      name: `Customer ${n}`,
    }),
  )
  const chats: Chat[] = []
  for (const person of people) {
    const [conversationId] = await write(world, [{ person, text: 'Hello' }])
    if (conversationId === undefined) throw new Error('There is no conversation')
    chats.push({ person, conversationId })
  }
  return chats
}

/** Resolves with the conversations in which it was shown, once all of it is. */
async function write(
  { chatwoot }: World,
  texts: { person: Chat['person']; text: string }[],
): Promise<number[]> {
  const said = texts.map(({ person, text }) => person.sendText(text))
  await Promise.all(said.map(({ delivered }) => delivered))
  const ids = new Set(said.map(({ keyId }) => keyId))
  const shown = () => chatwoot.allMessages().filter(({ sourceId }) => ids.has(sourceId ?? ''))
  const all = await chatwoot.waitFor(() => (shown().length === ids.size ? shown() : undefined), {
    ...WAIT,
  })
  await chatwoot.settled(WAIT)
  return all.map(({ conversationId }) => conversationId)
}

/** Resolves once all of it is delivered, as Chatwoot shows it. */
async function answer(
  { chatwoot }: World,
  replies: { conversationId: number; text: string }[],
): Promise<void> {
  const agent = chatwoot.agent()
  const ids = new Set<number>()
  for (const { conversationId, text } of replies) {
    ids.add((await agent.reply(conversationId, text)).id)
  }
  await chatwoot.waitFor(
    () =>
      chatwoot.allMessages().filter(({ id, status }) => ids.has(id) && status === 'delivered')
        .length === ids.size,
    WAIT,
  )
  await chatwoot.settled(WAIT)
}

async function benchCost() {
  const server = await startRedis()
  const world = await startWorld({
    config: { redis: { url: server.url } },
    chatwoot: { messagesPerMinute: 1_000_000 },
  })
  const redis = new Redis(server.url)
  try {
    const chats = await meet(world)
    const rounds = (count: number) =>
      Array.from({ length: count }, (_, round) =>
        chats.map((chat) => ({ ...chat, text: `${round} of ${chat.conversationId}` })),
      ).flat()
    const inBurst = async () => void (await write(world, rounds(PER_CHAT)))
    const outBurst = async () => await answer(world, rounds(PER_CHAT / 2))
    // Code that has run before is faster: the first of it is not counted.
    await inBurst()
    await outBurst()
    const at = { world, redis }
    const single = rounds(3)
    return [
      await measure(at, {
        what: 'in, one by one',
        messages: single.length,
        work: async () => {
          for (const each of single) await write(world, [each])
        },
      }),
      await measure(at, {
        what: 'out, one by one',
        messages: single.length,
        work: async () => {
          for (const each of single) await answer(world, [each])
        },
      }),
      await measure(at, {
        what: 'in, all at once',
        messages: CHATS * PER_CHAT,
        work: inBurst,
      }),
      await measure(at, {
        what: 'out, all at once',
        messages: (CHATS * PER_CHAT) / 2,
        work: outBurst,
      }),
    ]
  } finally {
    redis.disconnect()
    await world.close()
    await server.stop()
  }
}

const rows = await benchCost()
if (process.argv.includes('--json')) console.log(JSON.stringify(rows, null, 2))
else {
  const table = new Table({ head: ['per message', 'CPU ms', 'Redis commands', ''] })
  for (const { what, cpuMs: cpu, commands, messages } of rows) {
    table.push([what, cpu.toFixed(1), commands.toFixed(1), `${messages} messages`])
  }
  console.log(table.toString())
}
