/**
 * The command line with a stand-in for the bridge, run as a process of its own. The first argument says how the
 * stand-in behaves, the rest is the command line.
 */
import type { CliContext } from '../context.ts'
import { createProgram } from '../program.ts'
import { reportError } from '../report-error.ts'
import type { StartBridge } from '../serve.ts'

const never = new Promise<never>(() => undefined)
const service = {
  port: 4711,
  reconfigure: () => undefined,
  stop: async () => void process.stdout.write('stop called\n'),
}

const BEHAVIOURS: Record<string, StartBridge> = {
  good: async () => service,
  'hangs at stop': async () => ({ ...service, stop: () => never }),
  'hangs at start': () => {
    process.stdout.write('starting\n')
    return never
  },
  'fails at start': async () => {
    throw new Error('planted-secret')
  },
  'rejects later': async () => {
    setTimeout(() => void Promise.reject(new Error('planted-secret')), 10)
    return service
  },
}

const [behaviour = '', ...args] = process.argv.slice(2)
const start = BEHAVIOURS[behaviour] ?? BEHAVIOURS.good
const { env, stdout, stderr } = process
const cli: CliContext = { env, stdout, stderr, color: false, json: args.includes('--json') }
// Keeps the process alive as a listening server would.
setInterval(() => undefined, 60_000)

try {
  if (start === undefined) throw new Error('unknown behaviour')
  await createProgram(cli, async () => start).parseAsync(args, { from: 'user' })
  process.exit(0)
} catch (error) {
  process.exit(reportError(error, cli))
}
